using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.Diagnosis.Profiles;
using TfRunner.Measurement;

namespace TfRunner.Cli.Profiling;

/// <summary>Profiles for a terminal: per mode, the op types and the costliest ops.</summary>
internal static class ProfileText
{
    public static void Write(TextWriter writer, IReadOnlyList<(CallProfile Profile, string Inputs)> profiles, int top)
    {
        foreach (var (profile, inputs) in profiles)
        {
            if (profile.Reason is { } reason)
            {
                writer.WriteLine($"{profile.Mode}: not profiled: {reason}");
                writer.WriteLine();
                continue;
            }

            var sum = new TimeInterval(profile.Types.Sum(static t => t.Time));
            writer.WriteLine($"{profile.Mode}: a call takes {new TimeInterval(profile.Plain)}; profiled, ops take {sum} within {new TimeInterval(profile.Span)} (medians of {profile.Calls} calls)");
            writer.WriteLine($"inputs: {inputs}");
            TextTable.Write(writer, ["op type", ">runs", ">time", ">share"], profile.Types.Select(Cells));
            if (top > 0)
            {
                writer.WriteLine();
                TextTable.Write(writer, ["op", "type", ">runs", ">time", ">share"], profile.Ops.Take(top).Select(static o => (string[])[o.Name, o.Op, .. Cells(o)[1..]]));
                if (profile.Ops.Count > top)
                {
                    writer.WriteLine(FormattableString.Invariant($"and {profile.Ops.Count - top} more, with {profile.Ops.Skip(top).Sum(static o => o.Share) * 100:0.0} % of the time (--top)"));
                }
            }

            writer.WriteLine();
        }
    }

    private static string[] Cells(OpCost cost) =>
    [
        cost.Name,
        cost.Count.ToString("0.#", CultureInfo.InvariantCulture),
        new TimeInterval(cost.Time).ToString(),
        string.Create(CultureInfo.InvariantCulture, $"{cost.Share * 100:0.0} %"),
    ];
}
