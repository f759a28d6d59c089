using System.Diagnostics;
using System.Text.Json;
using TfRunner.RecordedCases;

namespace TfRunner.Cli.Tests.Prediction;

/// <summary><c>inspect</c> and <c>predict --feed --fetch</c> as processes, on a model that has lost its signatures.</summary>
public sealed class NodeFeedTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-nodes-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Inspect_lists_what_predict_can_feed_and_fetch()
    {
        using var inspected = JsonDocument.Parse(Run(0, "inspect", WithoutSignatures(), "--json").Output);
        var feed = Assert.Single(inspected.RootElement.GetProperty("feeds").EnumerateArray()).GetProperty("name").GetString()!;
        var fetch = Assert.Single(inspected.RootElement.GetProperty("fetches").EnumerateArray()).GetProperty("name").GetString()!;
        Run(0, "predict", WithoutSignatures(), "--feed", $"{feed}=[1,2,3]", "--fetch", fetch, "--output", Path.Combine(folder, "by-node.csv"));
        Run(0, "predict", Affine, "--input", "x=[1,2,3]", "--output", Path.Combine(folder, "by-name.csv"));
        Assert.Equal(Values("by-name.csv"), Values("by-node.csv"));
    }

    [Fact]
    public void Inspect_prints_the_candidates_of_a_model_without_signatures()
    {
        var output = Run(0, "inspect", WithoutSignatures()).Output;
        Assert.Contains("nodes      that predict --feed and --fetch can name", output, StringComparison.Ordinal);
        Assert.Contains("serving_default_x", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StatefulPartitionedCall:0")]
    [InlineData("StatefulPartitionedCall")]
    public void A_file_feeds_nodes_too(string fetch)
    {
        File.WriteAllText(Path.Combine(folder, "rows.csv"), "serving_default_x\n1\n2\n3\n");
        Run(0, "predict", WithoutSignatures(), "--feed", "serving_default_x", "--input", Path.Combine(folder, "rows.csv"), "--fetch", fetch, "--output", Path.Combine(folder, "out.csv"));
        Assert.Equal(3, Values("out.csv").Length);
    }

    [Theory]
    [InlineData("there is", "--feed", "x=[1]", "--fetch", "StatefulPartitionedCall")]
    [InlineData("exclude each other", "--signature", "s", "--fetch", "StatefulPartitionedCall")]
    [InlineData("--feed needs --fetch", "--feed", "serving_default_x=[1]")]
    public void Wrong_use_is_told(string message, params string[] options)
    {
        var errors = Run(2, ["predict", WithoutSignatures(), .. options]).Errors;
        Assert.Contains(message == "there is" ? "the graph has no node 'x'" : message, errors, StringComparison.Ordinal);
    }

    private static string Affine
    {
        get
        {
            Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
            return RecordedModel.Find("affine").SavedModelDirectory;
        }
    }

    private string[] Values(string file) => File.ReadAllLines(Path.Combine(folder, file))[1..];

    private string WithoutSignatures()
    {
        var target = Path.Combine(folder, "model");
        Directory.CreateDirectory(Path.Combine(target, "variables"));
        foreach (var file in Directory.GetFiles(Path.Combine(Affine, "variables")))
        {
            File.Copy(file, Path.Combine(target, "variables", Path.GetFileName(file)), overwrite: true);
        }

        var model = TfRunner.SavedModels.Protos.SavedModel.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Affine, "saved_model.pb")));
        var names = model.MetaGraphs[0].SignatureDef.Keys.Where(static k => !k.StartsWith("__", StringComparison.Ordinal)).ToList();
        names.ForEach(n => model.MetaGraphs[0].SignatureDef.Remove(n));
        File.WriteAllBytes(Path.Combine(target, "saved_model.pb"), Google.Protobuf.MessageExtensions.ToByteArray(model));
        return target;
    }

    private static (string Output, string Errors) Run(int exitCode, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TFRUNNER_TENSORFLOW"] = SharedFolder.NativeLibraryDirectory;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == exitCode, errors.Result);
        return (output, errors.Result);
    }
}
