using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using TfRunner.Engines;

namespace TfRunner.Onnx.Execution.Profiling;

/// <summary>Gathers what a profiled program's sessions and host steps tell. One thread at a time.</summary>
/// <param name="folder">Where ONNX Runtime writes its profiles.</param>
internal sealed class ProfileCollector(string folder)
{
    private readonly List<InferenceSession> sessions = [];
    private readonly List<OpTime> hostSteps = [];

    /// <summary>A file name for the profile of the next session.</summary>
    public string NextPrefix() => Path.Combine(folder, FormattableString.Invariant($"session{sessions.Count}"));

    public void Add(InferenceSession session) => sessions.Add(session);

    /// <summary>The present by both clocks: ONNX Runtime's counts from 1970 where it is the system's; lengths are measured by the monotonic one.</summary>
    /// <returns>Nanoseconds from 1970, and the monotonic clock's ticks.</returns>
    public static (long Start, long Began) Begin() => ((TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100, Stopwatch.GetTimestamp());

    /// <summary>Notes one run of something that is called from here, and that ends now.</summary>
    public void AddHost(string name, string op, long start, long began) =>
        hostSteps.Add(new(name, op, start, (long)Stopwatch.GetElapsedTime(began).TotalNanoseconds, Environment.CurrentManagedThreadId, "host"));

    /// <summary>Forgets the host steps of calls that do not count.</summary>
    public void Restart() => hostSteps.Clear();

    /// <summary>Ends profiling.</summary>
    /// <returns>The ops of the later half of all runs, by the clock of ONNX Runtime.</returns>
    public IEnumerable<OpTime> End() =>
        [.. hostSteps, .. sessions.SelectMany(static s => SessionProfile.Read(File.ReadAllBytes(s.EndProfiling()), (long)s.ProfilingStartTimeNs))];
}
