using TfRunner.Engines;

namespace TfRunner.Onnx.Execution.Profiling;

/// <summary>
/// Times the ops of one call: a program made anew with profiling sessions is called twice, and the second call counts.
/// </summary>
internal static class ProgramProfile
{
    /// <summary>A clock that far off is another one.</summary>
    private const long HourNanoseconds = 3_600_000_000_000;

    /// <summary>Profiles one call.</summary>
    /// <param name="create">Makes the program.</param>
    /// <param name="inputs">One value per input.</param>
    /// <returns>The ops in order of their starts, from the first one's.</returns>
    public static IReadOnlyList<OpTime> Run(Func<ProfileCollector, ProgramRunner> create, object[] inputs)
    {
        var folder = Directory.CreateTempSubdirectory("tfrunner-profile-");
        try
        {
            var collector = new ProfileCollector(folder.FullName);
            using var runner = create(collector);
            Free(runner.Run(inputs, CancellationToken.None));
            collector.Restart();
            Free(runner.Run(inputs, CancellationToken.None));
            return FromFirst([.. collector.End()]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<OpTime> FromFirst(List<OpTime> ops)
    {
        var session = ops.Where(static o => o.Device != "host").Select(static o => o.StartNanoseconds).DefaultIfEmpty(0).Min();
        var host = ops.Where(static o => o.Device == "host").Select(static o => o.StartNanoseconds).DefaultIfEmpty(session).Min();

        // Where the two clocks have nothing in common, host steps are drawn from the beginning.
        var shift = Math.Abs(host - session) > HourNanoseconds && session > 0 ? session - host : 0;
        var moved = ops.ConvertAll(o => o.Device == "host" ? o with { StartNanoseconds = o.StartNanoseconds + shift } : o);
        var first = moved.Count == 0 ? 0 : moved.Min(static o => o.StartNanoseconds);
        return [.. moved.Select(o => o with { StartNanoseconds = o.StartNanoseconds - first }).OrderBy(static o => o.StartNanoseconds)];
    }

    private static void Free(object[] results)
    {
        foreach (var tensor in results.OfType<TensorValue>())
        {
            tensor.Dispose();
        }
    }
}
