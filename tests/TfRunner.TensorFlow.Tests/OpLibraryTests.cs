using System.ComponentModel;
using System.Diagnostics;
using TfRunner.Engines;
using TfRunner.RecordedCases;

namespace TfRunner.TensorFlow.Tests;

/// <summary>A library of further ops, built here with the machine's C compiler.</summary>
public sealed class OpLibraryTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void An_op_of_a_library_is_computed_in_every_mode_once_the_library_is_named()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the op library is built as Linux has it");
        var library = Build();
        WriteModel();

        // An op stays known to the process once its library is loaded, so what happens without it comes first.
        var error = Assert.Throws<TfRunnerException>(() => Triple("graph", NativeModels.Options));
        Assert.Contains("TfRunnerTriple", error.Message, StringComparison.Ordinal);
        Assert.Contains("--op-library", error.Hint, StringComparison.Ordinal);

        foreach (var mode in new[] { "graph", "function", "eager" })
        {
            Assert.Equal([3f, -6f, 0f], Triple(mode, NativeModels.Options with { OpLibraries = [library] }));
        }
    }

    [Fact]
    public void A_file_that_is_no_library_is_named_with_the_loaders_reason()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        WriteModel();
        var text = Path.Combine(folder, "no.so");
        File.WriteAllText(text, "no library");
        var error = Assert.Throws<TfRunnerException>(() => Triple("graph", NativeModels.Options with { OpLibraries = [text] }));
        Assert.Equal(ErrorStage.Engine, error.Stage);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    private float[] Triple(string mode, EngineOptions options)
    {
        using var model = Model.Load(folder, new ModelOptions { Engine = "tensorflow", EngineOptions = options });
        using var predictor = model.Predictor(null, mode);
        using var x = TensorValue.From([1f, -2f, 0f], 3);
        var outputs = predictor.Predict([x]);
        var values = outputs[0].AsSpan<float>().ToArray();
        outputs[0].Dispose();
        return values;
    }

    private string Build()
    {
        var library = Path.Combine(folder, "triple.so");
        var native = SharedFolder.NativeLibraryDirectory!;
        var source = Path.Combine(SharedFolder.RepositoryRoot, "tests", "TfRunner.TensorFlow.Tests", "OpLibrary", "triple.c");
        try
        {
            using var compiler = Process.Start("gcc", ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", source, "-o", library, Path.Combine(native, "libtensorflow_framework.so.2")]);
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no gcc");
        }

        return library;
    }

    private void WriteModel() => OneOpModel.Write(folder, "TfRunnerTriple", string.Empty, -1);
}
