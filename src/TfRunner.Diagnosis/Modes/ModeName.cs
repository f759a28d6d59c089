using TfRunner.Engines;

namespace TfRunner.Diagnosis.Modes;

/// <summary>One way of calling a model, written <c>engine:mode</c>.</summary>
/// <param name="Engine">The engine, such as <c>tensorflow</c>.</param>
/// <param name="Mode">The engine's own name of the mode, such as <c>graph</c>.</param>
internal sealed record ModeName(string Engine, string Mode)
{
    // Tables read from the least to the most prepared.
    private static readonly string[] Order = ["eager", "function", "graph", "xla", "compiled"];

    /// <summary>Every mode of every engine of this build, in the order of tables.</summary>
    public static IReadOnlyList<ModeName> All { get; } =
        [.. EngineCatalog.Providers.SelectMany(static p => p.Modes.OrderBy(Rank).Select(m => new ModeName(p.Name, m)))];

    /// <summary>Reads a choice of modes.</summary>
    /// <param name="text">Names separated by commas: <c>tensorflow:graph</c>; an engine for all its modes; a mode for that of every
    /// engine, where <c>compiled</c> also means tensorflow's xla. Null takes all.</param>
    /// <returns>The modes in the order of tables, each once.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for a name that chooses nothing.</exception>
    public static IReadOnlyList<ModeName> Parse(string? text)
    {
        if (text is null)
        {
            return All;
        }

        var chosen = new HashSet<ModeName>();
        foreach (var name in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var found = All.Where(m => m.IsMeantBy(name)).ToList();
            if (found.Count == 0)
            {
                throw new TfRunnerException(
                    ErrorCode.InvalidArgument, ErrorStage.Usage, $"there is no mode '{name}'", $"use some of: {string.Join(", ", All)}");
            }

            chosen.UnionWith(found);
        }

        return [.. All.Where(chosen.Contains)];
    }

    public override string ToString() => $"{Engine}:{Mode}";

    private static int Rank(string mode) => Array.IndexOf(Order, mode) is >= 0 and var at ? at : Order.Length;

    private bool IsMeantBy(string name) =>
        name == ToString() || name == Engine || name == Mode || (name is "compiled" or "tensorflow:compiled" && ToString() == "tensorflow:xla");
}
