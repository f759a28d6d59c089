using System.Globalization;

namespace TfRunner.Cli.Prediction;

/// <summary>One part of the rows: those whose position modulo <paramref name="Count"/> is <paramref name="Index"/>.</summary>
/// <param name="Index">The part, from 0.</param>
/// <param name="Count">How many parts there are.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Where clusters say which part a process has: an index, and a count.</summary>
    private static readonly (string Index, string Count, string? First)[] Places =
    [
        ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"),
        ("SLURM_PROCID", "SLURM_NTASKS", null),
        ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", null),
    ];

    /// <summary>Reads <c>I/N</c> or <c>auto</c>.</summary>
    /// <param name="text">The option's value.</param>
    /// <param name="environment">Looks a variable up.</param>
    /// <returns>The part.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for anything else, and for auto where nothing says the part.</exception>
    public static Shard Parse(string text, Func<string, string?> environment)
    {
        if (text != "auto")
        {
            return TryParse(text) ?? throw Usage($"--shard takes I/N with I from 0 to N - 1, or auto; not '{text}'", "for the first of four parts: --shard 0/4");
        }

        if (environment("TFRUNNER_SHARD") is { Length: > 0 } own)
        {
            return TryParse(own) ?? throw Usage($"TFRUNNER_SHARD is '{own}', not I/N with I from 0 to N - 1", null);
        }

        foreach (var (index, count, first) in Places)
        {
            if (Number(environment(index)) is { } i && Number(environment(count)) is { } n)
            {
                // Array jobs may count from 1: their least index is the first part.
                i -= first is null ? 0 : Number(environment(first)) ?? 0;
                return i >= 0 && i < n ? new(i, n) : throw Usage($"{index} is {environment(index)} of {n}", "number the tasks without gaps");
            }
        }

        throw Usage(
            "--shard auto finds no cluster here",
            "it reads SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, SLURM_PROCID and SLURM_NTASKS, JOB_COMPLETION_INDEX and JOB_COMPLETIONS, or TFRUNNER_SHARD=I/N");
    }

    private static Shard? TryParse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2 && Number(parts[0]) is { } index && Number(parts[1]) is { } count && index < count ? new(index, count) : null;
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static TfRunnerException Usage(string message, string? hint) => new(ErrorCode.InvalidArgument, ErrorStage.Usage, message, hint);
}
