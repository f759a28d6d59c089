using TfRunner.RecordedCases;

namespace TfRunner.TensorFlow.Tests;

/// <summary>What a model holds between calls: made when a signature reaches it, from what the checkpoint and the assets say.
/// The models are made by scripts/make-state-models.py.</summary>
public sealed class StateTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-state-").FullName;

    public static TheoryData<string> Modes { get; } = new("graph", "function", "eager");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Modes))]
    public void Reference_variables_and_their_partitions_are_restored_and_local_ones_initialised(string mode)
    {
        using var model = Load("state_tf1");
        Assert.Equal([77f, 97, 117], Affine(model, mode));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_table_of_TensorFlow_1_is_restored_from_the_checkpoint(string mode)
    {
        using var model = Load("state_tf1");
        Assert.Equal([100, 200, -1], Find(model, mode, "saved", "a", "b", "c"));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_table_is_filled_from_the_asset_where_it_is_now(string mode)
    {
        Copy("state_tf1");
        using var model = Open(folder);
        Assert.Equal([2, 0, -1], Find(model, mode, "asset", "two", "zero", "three"));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_table_of_TensorFlow_2_is_restored_from_the_checkpoint(string mode)
    {
        using var model = Load("state_tf2");
        Assert.Equal([100, 200, -1], Find(model, mode, "find", "a", "b", "c"));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_signature_that_is_prepared_later_sees_what_calls_of_another_left(string mode)
    {
        using var model = Load("state_tf2");
        Assert.Equal(8, Add(model, mode, 3));
        Assert.Equal([108, 208, 7], Find(model, mode, "both", "a", "b", "c"));
        Assert.Equal(9, Add(model, mode, 1));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_variable_that_no_signature_reaches_is_not_read(string mode)
    {
        Copy("state_tf1");
        Damage([.. Enumerable.Repeat(1f, 64)]);
        using var model = Open(folder);
        Assert.Equal([77f, 97, 117], Affine(model, mode));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_damaged_variable_that_a_signature_reaches_is_found_at_each_attempt(string mode)
    {
        Copy("state_tf1");
        Damage([10f, 20, 30]);
        using var model = Open(folder);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = Assert.Throws<TfRunnerException>(() => model.Predictor("serving_default", mode));
            Assert.Equal((ErrorCode.DataLoss, ErrorStage.Load), (error.Code, error.Stage));
        }
    }

    private static Model Load(string name)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        return Open(Path.Combine(AppContext.BaseDirectory, "Recorded", name));
    }

    private static Model Open(string path) => Model.Load(path, new() { Engine = "tensorflow", EngineOptions = NativeModels.Options });

    private static float[] Affine(Model model, string mode)
    {
        using var predictor = model.Predictor("serving_default", mode);
        using var x = TensorValue.From<float>([1, 2, 3, 4], 1, 4);
        using var y = predictor.Predict([x], TestContext.Current.CancellationToken)[0];
        return y.AsSpan<float>().ToArray();
    }

    private static long[] Find(Model model, string mode, string signature, params string[] words)
    {
        using var predictor = model.Predictor(signature, mode);
        using var key = TensorValue.FromStrings([.. words.Select(System.Text.Encoding.UTF8.GetBytes)], words.Length);
        using var value = predictor.Predict([key], TestContext.Current.CancellationToken)[0];
        return value.AsSpan<long>().ToArray();
    }

    private static long Add(Model model, string mode, long amount)
    {
        using var predictor = model.Predictor("add", mode);
        using var x = TensorValue.FromScalar(amount);
        using var count = predictor.Predict([x], TestContext.Current.CancellationToken)[0];
        return count.AsSpan<long>()[0];
    }

    private void Copy(string name)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var source = Path.Combine(AppContext.BaseDirectory, "Recorded", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Overwrites a variable's value in the checkpoint.</summary>
    private void Damage(float[] value)
    {
        var shard = Path.Combine(folder, "variables", "variables.data-00000-of-00001");
        var bytes = File.ReadAllBytes(shard);
        var place = bytes.AsSpan().IndexOf(System.Runtime.InteropServices.MemoryMarshal.AsBytes(value.AsSpan()));
        Assert.True(place >= 0);
        bytes[place] ^= 0x55;
        File.WriteAllBytes(shard, bytes);
    }
}
