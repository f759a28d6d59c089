using TfRunner;
using TfRunner.Data.Formats;

namespace Migration;

/// <summary>A table, row by row, in batches.</summary>
internal static class Rows
{
    public static void Run(string folder, string from, string to)
    {
        #region shown
        using var model = Model.Load(folder);
        using var predictor = model.Predictor();
        using var rows = InputFile.OpenRows(from, predictor.Signature.Inputs);
        using var results = OutputFile.Create(to, [.. predictor.Signature.Outputs.Select(o => o.Name)]);
        while (rows.Read(maxRows: 64) is { } batch)
        {
            results.Write(predictor.Predict(batch));
        }

        results.Complete();
        #endregion
    }
}
