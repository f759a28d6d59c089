using TfRunner.Diagnosis.Diff;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Cold;

/// <summary>Spreads first calls in fresh processes over the modes: one for each as far as time allows, then more of them.</summary>
/// <param name="calls">Measures one.</param>
/// <param name="repeats">How many for each mode at most.</param>
/// <param name="progress">Told what is being done.</param>
internal sealed class ColdRounds(IColdCalls calls, int repeats, Action<string>? progress)
{
    /// <summary>The share of the time in which the first call of each mode may begin; the modes are loaded here, too, afterwards.</summary>
    private const double FirstShare = 0.3;

    /// <summary>The share of the time that repeats may take, those of the first round included.</summary>
    private const double RepeatShare = 0.33;

    /// <summary>The share that no process may use: without it there would be no time to measure anything else.</summary>
    private const double Reserve = 0.4;

    /// <summary>Measures.</summary>
    /// <param name="modes">The modes, in the order in which they have their first calls.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="budget">The time for all that is still to be done, of which this takes a part.</param>
    /// <param name="cancellationToken">Ends it; what was measured is returned.</param>
    /// <returns>The calls of each mode; a failed one ends its mode.</returns>
    public Dictionary<ModeName, List<ColdCall>> Run(
        IReadOnlyList<ModeName> modes, ChosenInputs inputs, TimeBudget budget, CancellationToken cancellationToken)
    {
        var found = modes.ToDictionary(static m => m, static _ => new List<ColdCall>());
        var (first, repeated, reserve) = (budget.Share(FirstShare), budget.Share(RepeatShare), new TimeInterval(budget.Left.Nanoseconds * Reserve));
        try
        {
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                foreach (var mode in modes)
                {
                    var known = found[mode];
                    var last = known.LastOrDefault();
                    var fits = repeat == 0
                        ? !first.IsUp
                        : last is { Failure: null } && repeated.Left.Nanoseconds > 2 * (last.Load + last.First);
                    if (fits)
                    {
                        progress?.Invoke($"first call of {mode} in a fresh process");
                        known.Add(calls.Measure(mode, inputs, budget.LeftBefore(reserve), cancellationToken));
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What was measured counts.
        }

        return found;
    }
}
