using TfRunner.Engines;
using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

public sealed class ConversionCacheTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-cache-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("digits_cnn")]
    [InlineData("text_classifier")]
    [InlineData("control_flow")]
    public void A_kept_conversion_runs_as_the_first_one_did(string model)
    {
        Check(model);
        var kept = Directory.GetFiles(folder, "program.bin", SearchOption.AllDirectories);
        var written = File.GetLastWriteTimeUtc(Assert.Single(kept));

        Check(model);

        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(folder, "program.bin", SearchOption.AllDirectories))));
    }

    [Fact]
    public async Task Conversions_at_the_same_time_leave_one_whole_entry()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Check("digits_cnn"))));

        Assert.Single(Directory.GetDirectories(folder));
        Check("digits_cnn");
    }

    [Theory]
    [InlineData("weights.bin")]
    [InlineData("part0.onnx")]
    [InlineData("program.bin")]
    public void A_damaged_entry_is_made_anew(string file)
    {
        Check("digits_cnn");
        var path = Path.Combine(Assert.Single(Directory.GetDirectories(folder)), file);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^5]);

        Check("digits_cnn");

        Assert.Single(Directory.GetDirectories(folder));
    }

    private void Check(string model)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find(model).Cases[0];
        using var loaded = Model.Load(recorded.Model.SavedModelDirectory, new() { Engine = "onnx", EngineOptions = new EngineOptions { CacheDirectory = folder } });
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        using var predictor = loaded.Predictor(signature.Name);
        Assert.Null(recorded.Difference(signature, predictor.Predict(recorded.Inputs(signature))));
    }
}
