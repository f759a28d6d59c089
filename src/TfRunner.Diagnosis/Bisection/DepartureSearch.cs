using TfRunner.Diagnosis.Modes;
using TfRunner.Diagnosis.Parity;

namespace TfRunner.Diagnosis.Bisection;

/// <summary>
/// Finds the first op whose output departs. All tensors are compared in the order of computing, some dozens per call, so that
/// the first one that departs is computed from ones that agree. Fetching a tensor keeps a compiler from fusing it away, which
/// can make the difference vanish; then tensors are fetched one at a time, and the first that departs is found by halving.
/// </summary>
/// <param name="looks">Looks at tensors.</param>
/// <param name="tensors">What can be looked at, each after all that it is computed from.</param>
/// <param name="rtol">The relative tolerance.</param>
/// <param name="atol">The absolute tolerance.</param>
internal sealed class DepartureSearch(ITensorLooks looks, IReadOnlyList<FlatTensor> tensors, double rtol, double atol)
{
    private const int AtOnce = 48;
    private int looked;

    /// <summary>Told how many tensors have been looked at.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Searches.</summary>
    /// <param name="baseline">What is right.</param>
    /// <param name="mode">What departs from it.</param>
    /// <returns>Where it departs first, or why that was not found.</returns>
    /// <exception cref="OperationCanceledException">The user ended it.</exception>
    public Departure Find(ModeName baseline, ModeName mode)
    {
        looked = 0;
        try
        {
            for (var at = 0; at < tensors.Count; at += AtOnce)
            {
                if (Walk(baseline, mode, [.. tensors.Skip(at).Take(AtOnce)]) is { } found)
                {
                    return found;
                }

                Progress?.Invoke(looked);
            }

            return Halve(baseline, mode);
        }
        catch (TimeoutException)
        {
            return Departure.NotFound(FormattableString.Invariant($"time was up after {looked} of {tensors.Count} tensors had been compared; give more with --max-time"), looked);
        }
    }

    private Departure? Walk(ModeName baseline, ModeName mode, FlatTensor[] some)
    {
        TensorValue[] expected = [], actual = [];
        try
        {
            expected = looks.Look(baseline, some);
            actual = looks.Look(mode, some);
            for (var i = 0; i < some.Length; i++)
            {
                looked++;
                if (OutputDifference.Between(some[i].Name, actual[i], expected[i], rtol, atol).Mismatch is { } mismatch)
                {
                    return new(some[i].Op, some[i].Node, some[i].Output, mismatch, looked, Varies(baseline, some[i]) ? DepartureMeans.Varies : DepartureMeans.Walk);
                }
            }

            return null;
        }
        catch (TfRunnerException) when (some.Length > 1)
        {
            // One that cannot be fetched, such as a value of a branch that was not taken, must not hide the others.
            return Walk(baseline, mode, some[..(some.Length / 2)]) ?? Walk(baseline, mode, some[(some.Length / 2)..]);
        }
        catch (TfRunnerException)
        {
            return null;
        }
        finally
        {
            Free(expected);
            Free(actual);
        }
    }

    private bool Varies(ModeName baseline, FlatTensor tensor)
    {
        TensorValue[] first = [], second = [];
        try
        {
            first = looks.Look(baseline, [tensor]);
            second = looks.Look(baseline, [tensor]);
            return OutputDifference.Between(tensor.Name, first[0], second[0], rtol, atol).Mismatch is not null;
        }
        catch (Exception e) when (e is TfRunnerException or TimeoutException)
        {
            return false;
        }
        finally
        {
            Free(first);
            Free(second);
        }
    }

    private Departure Halve(ModeName baseline, ModeName mode)
    {
        var (low, high) = (0, tensors.Count - 1);
        var departs = high < 0 ? null : Alone(baseline, mode, tensors[high]);
        if (departs is null)
        {
            return Departure.NotFound(FormattableString.Invariant($"none of {tensors.Count} tensors departs when it is fetched, so it is how ops are fused, or state that calls change"), looked);
        }

        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (Alone(baseline, mode, tensors[middle]) is { } earlier)
            {
                (high, departs) = (middle, earlier);
            }
            else
            {
                low = middle + 1;
            }
        }

        return new(tensors[high].Op, tensors[high].Node, tensors[high].Output, departs, looked, DepartureMeans.Alone);
    }

    private string? Alone(ModeName baseline, ModeName mode, FlatTensor tensor)
    {
        TensorValue[] expected = [], actual = [];
        try
        {
            expected = looks.Look(baseline, [tensor]);
            actual = looks.Look(mode, [tensor]);
            return OutputDifference.Between(tensor.Name, actual[0], expected[0], rtol, atol).Mismatch;
        }
        catch (TfRunnerException)
        {
            return null;
        }
        finally
        {
            Free(expected);
            Free(actual);
        }
    }

    private static void Free(TensorValue[] values) => Array.ForEach(values, static v => v?.Dispose());
}
