using TfRunner.Onnx.Conversion;
using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Programs;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>Converts models of the recordings for tests that look at what came of it.</summary>
internal static class ConvertedModels
{
    /// <summary>Converts a signature.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="look">Looks at the program while the model is open.</param>
    /// <param name="optimize">Whether layouts and fusions are applied.</param>
    public static void Look(string model, Action<ConvertedProgram> look, bool optimize = true)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var savedModel = SavedModel.Open(RecordedModel.Find(model).SavedModelDirectory);
        var result = SignatureConverter.Convert(savedModel, savedModel.Signature(), new() { Optimize = optimize });
        Assert.Empty(result.Obstacles);
        look(result.Program);
    }

    /// <summary>The operators of a program's ONNX parts.</summary>
    /// <param name="program">The program.</param>
    /// <returns>One name per node.</returns>
    public static List<string> Operators(ConvertedProgram program) =>
        [.. program.Steps.OfType<OnnxStep>().SelectMany(static s => s.Graph.AllNodes()).Select(static n => n.Op)];

    /// <summary>A builder of an empty graph.</summary>
    /// <returns>The builder.</returns>
    public static OnnxBuilder Builder() => new(new(), new(), OnnxBuilder.DefaultOpset);
}
