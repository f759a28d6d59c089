using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using TfRunner.Graphs;
using TfRunner.RecordedCases;
using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests.Fuzz;

/// <summary>
/// Reads damaged copies of every visible model. Nothing but TfRunnerException may come out, and no mutant may take long
/// or much memory. TFRUNNER_MUTANTS sets how many mutants there are, TFRUNNER_SEED the first one's seed;
/// scripts/fuzz-saved-models runs 20,000.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private static readonly string[] Mutable = ["saved_model.pb", "saved_model.pbtxt", "variables.index", "variables.data-00000-of-00001", "keras_metadata.pb", "fingerprint.pb"];

    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(20);

    private const long MostAllocated = 1L << 30;

    [Fact]
    public void Damaged_models_are_read_or_refused_and_nothing_else()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var mutants = Setting("TFRUNNER_MUTANTS", 400);
        var seed = Setting("TFRUNNER_SEED", 1);
        var files = RecordedModel.Small.Concat(RecordedModel.Wild.Value)
            .SelectMany(static m => Directory.EnumerateFiles(m.SavedModelDirectory, "*", SearchOption.AllDirectories).Select(f => (m.SavedModelDirectory, File: f)))
            .Where(static f => Mutable.Contains(Path.GetFileName(f.File)) && new FileInfo(f.File).Length > 0)
            .OrderBy(static f => f.File, StringComparer.Ordinal)
            .ToList();
        var refused = 0;
        var slowest = (Time: TimeSpan.Zero, Seed: 0);
        var largest = (Bytes: 0L, Seed: 0);
        for (var i = 0; i < mutants; i++)
        {
            var random = new Random(seed + i);
            var (directory, file) = files[random.Next(files.Count)];
            var peers = files.Where(f => Path.GetExtension(f.File) == Path.GetExtension(file)).ToList();
            using var scratch = new ScratchFolder();
            LinkOthers(directory, file, scratch);
            var mutant = Mutator.Mutate(random, File.ReadAllBytes(file), File.ReadAllBytes(peers[random.Next(peers.Count)].File), file.EndsWith(".index", StringComparison.Ordinal));
            scratch.Write(Path.GetRelativePath(directory, file), mutant);

            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            try
            {
                ReadEverything(scratch.Path);
            }
            catch (TfRunnerException e)
            {
                refused++;
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e)
            {
                Assert.Fail(FormattableString.Invariant($"seed {seed + i}, {file}: {e}"));
            }

            slowest = clock.Elapsed > slowest.Time ? (clock.Elapsed, seed + i) : slowest;
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            largest = allocated > largest.Bytes ? (allocated, seed + i) : largest;
        }

        output.WriteLine(FormattableString.Invariant(
            $"{mutants} mutants, {refused} refused; slowest {slowest.Time.TotalMilliseconds:F0} ms (seed {slowest.Seed}); most allocated {largest.Bytes >> 20} MB (seed {largest.Seed}); peak {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB"));
        Assert.InRange(slowest.Time, TimeSpan.Zero, Slowest);
        Assert.InRange(largest.Bytes, 0, MostAllocated);
        Assert.True(mutants < 100 || refused > mutants / 10, "hardly any mutant was refused: are they damaged at all?");
    }

    [Fact]
    public void Damaged_frozen_graphs_are_read_or_refused_and_nothing_else()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        var mutants = Setting("TFRUNNER_MUTANTS", 400) / 2;
        var seed = Setting("TFRUNNER_SEED", 1);
        var graphs = RecordedModel.Small.Select(static m => GraphOf(m)).ToList();
        var refused = 0;
        using var scratch = new ScratchFolder();
        for (var i = 0; i < mutants; i++)
        {
            var random = new Random(seed + i);
            var file = scratch.Write("frozen.pb", Mutator.Mutate(random, graphs[random.Next(graphs.Count)], graphs[random.Next(graphs.Count)], isIndex: false));
            try
            {
                ReadEverything(file);
            }
            catch (TfRunnerException e)
            {
                refused++;
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e)
            {
                Assert.Fail(FormattableString.Invariant($"seed {seed + i}: {e}"));
            }
        }

        Assert.True(mutants < 100 || refused > mutants / 10, "hardly any mutant was refused: are they damaged at all?");
    }

    private static byte[] GraphOf(RecordedModel recorded)
    {
        using var model = SavedModel.Open(recorded.SavedModelDirectory);
        return model.MetaGraph.GraphDef.ToByteArray();
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private static void LinkOthers(string directory, string except, ScratchFolder scratch)
    {
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(f => f != except))
        {
            var target = Path.Combine(scratch.Path, Path.GetRelativePath(directory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.CreateSymbolicLink(target, file);
        }
    }

    // Each part is read even when another was refused: damage in one must not hide what the next does with its own.
    private static void ReadEverything(string directory)
    {
        using var model = SavedModel.Open(directory);
        var errors = new List<TfRunnerException>();
        Try(errors, () => _ = model.Graph.Variables);
        foreach (var signature in model.Signatures)
        {
            Try(errors, () => model.Graph.Reach(signature));
        }

        Try(errors, () => model.Graph.Reach(model.AdHocSignature(
            model.FeedCandidates().Select(static f => f.TensorName), model.FetchCandidates().Select(static f => f.TensorName))));

        foreach (var entry in model.Checkpoint?.Entries ?? [])
        {
            Try(errors, () => model.Checkpoint!.Read(entry.Name).Dispose());
        }

        Try(errors, () =>
        {
            foreach (var node in model.Graph.Main.Nodes.Concat(model.Graph.Functions.Values.SelectMany(static f => f.NodeDef)))
            {
                foreach (var attribute in node.Attr.Values.Where(static a => a.ValueCase == AttrValue.ValueOneofCase.Tensor))
                {
                    Try(errors, () => TensorProtoDecoder.Decode(attribute.Tensor, node.Name, 1 << 24).Dispose());
                }
            }
        });
        if (errors.Count > 0)
        {
            throw errors[0];
        }
    }

    private static void Try(List<TfRunnerException> errors, Action read)
    {
        try
        {
            read();
        }
        catch (TfRunnerException e)
        {
            errors.Add(e);
        }
    }
}
