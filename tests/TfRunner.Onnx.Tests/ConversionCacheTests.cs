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

    [Fact]
    public void The_entry_that_was_not_used_for_longest_goes_when_there_is_no_room()
    {
        Check("digits_cnn");
        Check("affine");
        var (first, second) = (Entry("Conv"), Entry(null));
        Check("lstm_forecast");
        var third = Entry("LSTM");
        var all = SizeOf(first) + SizeOf(second) + SizeOf(third);
        Directory.Delete(third, recursive: true);
        Use(first, hoursAgo: 1);
        Use(second, hoursAgo: 2);

        Check("lstm_forecast", bytes: all - 1);

        Assert.True(Directory.Exists(first));
        Assert.False(Directory.Exists(second));
    }

    [Fact]
    public void The_newest_entry_stays_though_it_is_too_large()
    {
        Check("affine", bytes: 0);
        Check("digits_cnn", bytes: 0);

        Assert.Single(Directory.GetDirectories(folder));
        Check("digits_cnn", bytes: 0);
    }

    [Fact]
    public void A_model_runs_on_when_its_entry_has_gone()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find("digits_cnn").Cases[0];
        using var loaded = Load(recorded, bytes: 0);
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        using var predictor = loaded.Predictor(signature.Name);

        Check("affine", bytes: 0);

        Assert.Single(Directory.GetDirectories(folder));
        Assert.Null(recorded.Difference(signature, predictor.Predict(recorded.Inputs(signature), TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData(".tmp")]
    [InlineData(".broken")]
    [InlineData(".out")]
    public void What_a_killed_process_left_goes_after_an_hour(string ending)
    {
        var (old, young) = (Path.Combine(folder, "a" + ending), Path.Combine(folder, "b" + ending));
        Directory.CreateDirectory(old);
        File.WriteAllText(Path.Combine(old, "weights.bin"), "half");
        Directory.CreateDirectory(young);
        Directory.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-61));
        Directory.SetLastWriteTimeUtc(young, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-59));

        Check("affine");

        Assert.False(Directory.Exists(old));
        Assert.True(Directory.Exists(young));
    }

    [Fact]
    public async Task Processes_that_make_room_for_each_other_all_get_their_model()
    {
        string[] models = ["affine", "digits_cnn", "lstm_forecast", "multi_io"];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Check(models[i % models.Length], bytes: 0))));
    }

    private static void Use(string entry, int hoursAgo) =>
        File.SetLastWriteTimeUtc(Path.Combine(entry, "used"), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-hoursAgo));

    private static long SizeOf(string entry) => new DirectoryInfo(entry).EnumerateFiles().Sum(static f => f.Length);

    /// <summary>The entry whose model has an operator; the other one for null.</summary>
    private string Entry(string? op) => Assert.Single(
        Directory.GetDirectories(folder), e => File.ReadAllText(Path.Combine(e, "part0.onnx")).Contains(op ?? "Conv", StringComparison.Ordinal) == (op is not null));

    private Model Load(RecordedCase recorded, long bytes) =>
        Model.Load(recorded.Model.SavedModelDirectory, new() { Engine = "onnx", EngineOptions = new EngineOptions { CacheDirectory = folder, CacheBytes = bytes } });

    private void Check(string model, long bytes = 1L << 30)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var recorded = RecordedModel.Find(model).Cases[0];
        using var loaded = Load(recorded, bytes);
        var signature = loaded.SavedModel.Signature(recorded.Signature);
        using var predictor = loaded.Predictor(signature.Name);
        Assert.Null(recorded.Difference(signature, predictor.Predict(recorded.Inputs(signature))));
    }
}
