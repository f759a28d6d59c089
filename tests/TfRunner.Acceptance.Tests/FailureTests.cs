using TfRunner.Data.Formats;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>What fails ends with its exit code, one line that says what is wrong and one that says what to do.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-acceptance-").FullName;

    public static bool HasModels => SharedFolder.IsPresent;

    private static string Digits => Path.Combine(SharedFolder.RepositoryRoot, "saved_models", "digits_cnn");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory(Skip = SharedFolder.Absent, SkipUnless = nameof(HasModels))]
    [InlineData("py_function", "graph", 3, "Py", "x=[1.0]")]
    [InlineData("py_function", "function", 3, "Py", "x=[1.0]")]
    [InlineData("control_flow", "graph", 5, "n must be >= 0", "n=-1", "double=false")]
    [InlineData("control_flow", "function", 5, "n must be >= 0", "n=-1", "double=false")]
    [InlineData("control_flow", "eager", 5, "n must be >= 0", "n=-1", "double=false")]
    [InlineData("digits_cnn", "graph", 4, "there is no file", "absent.npz")]
    [InlineData("no_such_model", "graph", 3, "does not exist", "absent.npz")]
    [InlineData("affine", "graph", 2, "nosuch", "nosuch=[1.0]")]
    public async Task It_is_named_in_one_line_with_a_hint(string model, string mode, int exitCode, string message, params string[] inputs)
    {
        var run = await CommandProcess.Run([
            "predict", Path.Combine(SharedFolder.Path!, "models", model, "saved_model"), "--engine", "tensorflow", "--mode", mode,
            .. inputs.SelectMany(static i => new[] { "--input", i })]);
        Failed(run, exitCode, message);
    }

    [Fact]
    public async Task A_truncated_model_is_said_to_be_damaged()
    {
        foreach (var file in Directory.EnumerateFiles(Digits, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Digits, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var graph = Path.Combine(folder, "saved_model.pb");
        await using (var stream = File.OpenWrite(graph))
        {
            stream.SetLength(stream.Length / 2);
        }

        Failed(await CommandProcess.Run("predict", folder, "--engine", "onnx", "--input", Path.Combine(Digits, "inputs.npz")), 3, graph);
    }

    [Fact]
    public async Task Another_dtype_names_the_input_and_both_dtypes()
    {
        var file = Path.Combine(folder, "ints.npz");
        using (var sink = OutputFile.Create(file, ["image"]))
        {
            using var image = TensorValue.Zeros(DType.Int32, 2, 8, 8, 1);
            sink.Write([image]);
            sink.Complete();
        }

        Failed(await CommandProcess.Run("predict", Digits, "--engine", "onnx", "--input", file), 4, "image", "int32", "float32");
    }

    private static void Failed(CommandProcess run, int exitCode, params string[] words)
    {
        Assert.True(run.ExitCode == exitCode, $"ended with {run.ExitCode}: {run.Errors}");
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var error = Assert.Single(lines, static l => l.StartsWith("error: ", StringComparison.Ordinal));
        Assert.All(words, w => Assert.Contains(w, error, StringComparison.Ordinal));
        Assert.Single(lines, static l => l.StartsWith("hint: ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
