using TfRunner.Diagnosis.Diff;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Cold;

/// <summary>Spreads first calls in fresh processes over the modes: one for each as far as time allows, then more of them.</summary>
/// <param name="calls">Measures one.</param>
/// <param name="repeats">How many for each mode at most.</param>
/// <param name="inputs">The inputs.</param>
/// <param name="progress">Told what is being done.</param>
internal sealed class ColdRounds(IColdCalls calls, int repeats, ChosenInputs inputs, Action<string>? progress)
{
    /// <summary>The share of the time in which the first call of each mode may begin; the modes are loaded here, too, afterwards.</summary>
    private const double FirstShare = 0.3;

    /// <summary>The share of the time that repeats may take, those of the first round included.</summary>
    private const double RepeatShare = 0.33;

    /// <summary>The share that no process may use: without it there would be no time to measure anything else.</summary>
    private const double Reserve = 0.4;

    /// <summary>How many times what it is expected to take must be left for a process at the end.</summary>
    public const double Margin = 1.5;

    private readonly Dictionary<ModeName, List<ColdCall>> found = [];

    /// <summary>The calls of a mode; a failed one ends its mode.</summary>
    public IReadOnlyList<ColdCall> Of(ModeName mode) => found.GetValueOrDefault(mode) ?? [];

    /// <summary>Measures before anything else is.</summary>
    /// <param name="modes">The modes, in the order in which they have their first calls.</param>
    /// <param name="budget">The time for all that is still to be done, of which this takes a part.</param>
    /// <param name="cancellationToken">Ends it; what was measured counts.</param>
    public void Begin(IReadOnlyList<ModeName> modes, TimeBudget budget, CancellationToken cancellationToken)
    {
        var (first, repeated, reserve) = (budget.Share(FirstShare), budget.Share(RepeatShare), new TimeInterval(budget.Left.Nanoseconds * Reserve));
        Run(
            modes,
            mode => Of(mode) is [.., var last] ? repeated.Left.Nanoseconds > 2 * (last.Load + last.First) : !first.IsUp,
            () => budget.LeftBefore(reserve),
            cancellationToken);
    }

    /// <summary>Measures what is missing when all else is done.</summary>
    /// <param name="modes">Modes that are known to run, with what loading and the first call are expected to take.</param>
    /// <param name="budget">The time that is left.</param>
    /// <param name="cancellationToken">Ends it; what was measured counts.</param>
    public void Complete(IReadOnlyDictionary<ModeName, TimeInterval> modes, TimeBudget budget, CancellationToken cancellationToken)
    {
        Run(
            [.. modes.Keys],
            mode => budget.Left.Nanoseconds > Margin * (Of(mode) is [.., var last] ? last.Load + last.First : modes[mode].Nanoseconds),
            () => budget.Left,
            cancellationToken);

        // It ran here, so that it took too long there only says that time was up.
        foreach (var mode in modes.Keys.Where(found.ContainsKey))
        {
            found[mode].RemoveAll(static c => c.Failure is not null);
        }
    }

    private void Run(IReadOnlyList<ModeName> modes, Func<ModeName, bool> fits, Func<TimeInterval> limit, CancellationToken cancellationToken)
    {
        try
        {
            for (var count = 1; count <= repeats; count++)
            {
                foreach (var mode in modes.Where(m => Of(m).Count < count && Of(m).All(static c => c.Failure is null)))
                {
                    if (fits(mode))
                    {
                        progress?.Invoke($"first call of {mode} in a fresh process");
                        found.TryAdd(mode, []);
                        found[mode].Add(calls.Measure(mode, inputs, limit(), cancellationToken));
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What was measured counts.
        }
    }
}
