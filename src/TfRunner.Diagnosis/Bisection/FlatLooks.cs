using TfRunner.Diagnosis.Diff;
using TfRunner.Diagnosis.Modes;

namespace TfRunner.Diagnosis.Bisection;

/// <summary>Looks at tensors by fetching them from a flat model.</summary>
/// <param name="flat">The flat model.</param>
/// <param name="loaded">The same on its engines.</param>
/// <param name="inputs">What it is called with.</param>
/// <param name="budget">The time for all looks.</param>
/// <param name="cancellationToken">Ends a look.</param>
internal sealed class FlatLooks(FlatModel flat, LoadedModes loaded, TensorValue[] inputs, TimeBudget budget, CancellationToken cancellationToken) : ITensorLooks
{
    public TensorValue[] Look(ModeName mode, IReadOnlyList<FlatTensor> tensors)
    {
        var signature = flat.SavedModel.AdHocSignature(flat.Feeds, tensors.Select(static t => t.Name));
        return loaded.Do(
            () =>
            {
                using var predictor = loaded.Model(mode).PredictorFor(signature, mode.Mode);
                return predictor.Predict(inputs, CancellationToken.None);
            },
            budget.Left,
            cancellationToken);
    }
}
