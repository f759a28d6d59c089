using TfRunner.Onnx.Host.Arrays;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>Every op and layer that scripts/record-ops has recorded.</summary>
public sealed class OpCaseTests
{
    /// <summary>Ops that are refused when a signature is prepared, at least with some attributes.</summary>
    private static readonly HashSet<string> UnsupportedOps = [.. Lines("unsupported-ops.txt")];

    public static IEnumerable<TheoryDataRow<string, string>> Rows() => OpCaseArchive.Rows();

    [Theory]
    [MemberData(nameof(Rows))]
    public void Compiled_agrees_with_tensorflow(string family, string name)
    {
        using var recorded = OpCaseArchive.Open(family, name);
        using var model = Model.Load(recorded.Folder, new() { Engine = "onnx", EngineOptions = new() { CacheDirectory = string.Empty } });
        var signature = model.SavedModel.Signature("serving_default");
        var obstacles = model.Obstacles(signature.Name, "compiled");
        if (recorded.Refused is { } op)
        {
            Assert.Contains(obstacles, o => o.Contains(op, StringComparison.Ordinal));
            return;
        }

        Assert.All(obstacles, static o => Assert.Contains(o.Split(' ')[0], UnsupportedOps));
        Assert.SkipWhen(obstacles.Count > 0, string.Join("; ", obstacles));
        using var predictor = model.Predictor(signature.Name, "compiled");
        var actual = predictor.Predict(recorded.Inputs(signature), TestContext.Current.CancellationToken);
        var expected = recorded.Outputs(signature);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Null(recorded.RandomRange is { } range
                ? OutOfRange(expected[i], actual[i], range)
                : Agreement.Difference(expected[i], actual[i], Math.Max(recorded.RelativeTolerance, Coarseness(expected[i].DType)), recorded.AbsoluteTolerance));
        }
    }

    /// <summary>Half precision is computed in float32 and rounded once; TensorFlow may round at each of some steps.</summary>
    private static double Coarseness(DType dtype) => dtype switch { DType.BFloat16 => 4.0 / 256, DType.Float16 => 4.0 / 2048, _ => 0 };

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recorded", file)).Where(static l => l.Length > 0 && l[0] != '#');

    private static string? OutOfRange(TensorValue expected, TensorValue actual, (double Low, double High) range) =>
        expected.DType != actual.DType || !expected.Dimensions.SequenceEqual(actual.Dimensions) ? $"expected {expected}, got {actual}"
        : ArrayCast.ToDoubles(actual).Any(v => !(v >= range.Low && v <= range.High)) ? $"{actual} leaves its range"
        : null;
}
