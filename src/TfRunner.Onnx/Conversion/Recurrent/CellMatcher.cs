using TfRunner.Onnx.Conversion.Flow;

namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>
/// Recognises the cells that Keras 2 and 3 write: products with input and state added to a bias, split into gates.
/// </summary>
internal sealed class CellMatcher
{
    private readonly FlowGraph body;
    private readonly Func<FlowValue, FlowValue> unmask;

    /// <summary>Makes a matcher.</summary>
    /// <param name="body">A loop's body.</param>
    /// <param name="unmask">Strips the selection by which a mask keeps an old state.</param>
    public CellMatcher(FlowGraph body, Func<FlowValue, FlowValue> unmask)
    {
        this.body = body;
        this.unmask = unmask;
    }

    /// <summary>Finds the cell.</summary>
    /// <param name="states">The numbers of the loop variables that may be states.</param>
    /// <returns>The cell; null when it is none of those known.</returns>
    public RecurrentCell? Match(IReadOnlyList<int> states)
    {
        foreach (var hidden in states)
        {
            var next = unmask(body.Outputs[hidden]);
            foreach (var cell in states.Where(c => c != hidden))
            {
                if (Lstm(hidden, cell, next, unmask(body.Outputs[cell])) is { } lstm)
                {
                    return lstm;
                }
            }

            if ((Gru(hidden, next) ?? Simple(hidden, next)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private RecurrentCell? Lstm(int hidden, int cell, FlowValue newHidden, FlowValue newCell)
    {
        foreach (var (o, activated) in FlowMatch.Products(newHidden))
        {
            if (CellActivation.Of(activated, out var inner) is not { } h || inner != newCell
                || CellActivation.Of(o, out var outputGate) is not { } f)
            {
                continue;
            }

            foreach (var (kept, added) in FlowMatch.Sums(newCell))
            {
                foreach (var (forget, old) in FlowMatch.Products(kept))
                {
                    foreach (var (i, candidate) in FlowMatch.Products(added))
                    {
                        if (old != body.Inputs[cell] || CellActivation.Of(forget, out var forgetGate) != f
                            || CellActivation.Of(i, out var inputGate) != f || CellActivation.Of(candidate, out var cellGate) is not { } g)
                        {
                            continue;
                        }

                        FlowValue[] gates = [inputGate, outputGate, forgetGate, cellGate];
                        if (Parts(gates, 4) is not { } parts || Sum(parts.Matrix, body.Inputs[hidden]) is not { } sum)
                        {
                            continue;
                        }

                        return new()
                        {
                            Kind = RecurrentKind.Lstm,
                            Input = sum.X,
                            Weights = sum.W,
                            Recurrent = sum.R,
                            Bias = sum.B,
                            Gates = parts.Indices,
                            Activations = [f, g, h],
                            Hidden = hidden,
                            Cell = cell,
                            NewHidden = newHidden,
                        };
                    }
                }
            }
        }

        return null;
    }

    private RecurrentCell? Simple(int hidden, FlowValue next)
    {
        return CellActivation.Of(next, out var operand) is { } f && Sum(operand, body.Inputs[hidden]) is { } sum
            ? new()
            {
                Kind = RecurrentKind.Simple,
                Input = sum.X,
                Weights = sum.W,
                Recurrent = sum.R,
                Bias = sum.B,
                Activations = [f],
                Hidden = hidden,
                NewHidden = next,
            }
            : null;
    }

    private RecurrentCell? Gru(int hidden, FlowValue next)
    {
        var h = body.Inputs[hidden];
        foreach (var (kept, added) in FlowMatch.Sums(next))
        {
            foreach (var (z, old) in FlowMatch.Products(kept))
            {
                foreach (var (rest, candidate) in FlowMatch.Products(added))
                {
                    if (old == h && FlowMatch.IsOp(rest, "Sub") && FlowMatch.IsNumber(FlowMatch.In(rest, 0), 1) && FlowMatch.In(rest, 1) == z
                        && CellActivation.Of(z, out var updateSum) is { } f && CellActivation.Of(candidate, out var candidateSum) is { } g
                        && Gru(hidden, next, f, g, updateSum, candidateSum) is { } cell)
                    {
                        return cell;
                    }
                }
            }
        }

        return null;
    }

    private RecurrentCell? Gru(int hidden, FlowValue next, CellActivation f, CellActivation g, FlowValue updateSum, FlowValue candidateSum)
    {
        foreach (var (xh, recurrent) in FlowMatch.Sums(candidateSum))
        {
            foreach (var (r, inner) in FlowMatch.Products(recurrent))
            {
                if (CellActivation.Of(r, out var resetSum) == f && ResetAfter(hidden, next, f, g, updateSum, resetSum, xh, inner) is { } after)
                {
                    return after;
                }
            }

            if (FlowMatch.IsOp(recurrent, "MatMul"))
            {
                foreach (var (r, old) in FlowMatch.Products(FlowMatch.In(recurrent, 0)))
                {
                    if (old == body.Inputs[hidden] && CellActivation.Of(r, out var resetSum) == f
                        && ResetBefore(hidden, next, f, g, updateSum, resetSum, xh, FlowMatch.In(recurrent, 1)) is { } before)
                    {
                        return before;
                    }
                }
            }
        }

        return null;
    }

    private RecurrentCell? ResetAfter(
        int hidden, FlowValue next, CellActivation f, CellActivation g, FlowValue updateSum, FlowValue resetSum, FlowValue xh, FlowValue inner)
    {
        foreach (var (xz, rz) in FlowMatch.Sums(updateSum))
        {
            foreach (var (xr, rr) in FlowMatch.Sums(resetSum))
            {
                if (Parts([xz, xr, xh], 3) is not { } x || Parts([rz, rr, inner], 3) is not { } r || !x.Indices.SequenceEqual(r.Indices)
                    || Product(x.Matrix) is not { } input || Product(r.Matrix) is not { } state || state.Operand != body.Inputs[hidden])
                {
                    continue;
                }

                return new()
                {
                    Kind = RecurrentKind.GruResetAfter,
                    Input = input.Operand,
                    Weights = input.Matrix,
                    Recurrent = state.Matrix,
                    Bias = input.Bias,
                    RecurrentBias = state.Bias,
                    Gates = x.Indices,
                    Activations = [f, g],
                    Hidden = hidden,
                    NewHidden = next,
                };
            }
        }

        return null;
    }

    private RecurrentCell? ResetBefore(
        int hidden, FlowValue next, CellActivation f, CellActivation g, FlowValue updateSum, FlowValue resetSum, FlowValue xh, FlowValue candidateWeights)
    {
        foreach (var (xz, rz) in FlowMatch.Sums(updateSum))
        {
            foreach (var (xr, rr) in FlowMatch.Sums(resetSum))
            {
                if (Parts([xz, xr, xh], 3) is not { } x || !x.Indices.SequenceEqual([0, 1, 2]) || Parts([rz, rr], 2) is not { } r
                    || !r.Indices.SequenceEqual([0, 1]) || Product(x.Matrix) is not { } input || Product(r.Matrix) is not { } state
                    || state.Operand != body.Inputs[hidden] || state.Bias is not null)
                {
                    continue;
                }

                return new()
                {
                    Kind = RecurrentKind.GruResetBefore,
                    Input = input.Operand,
                    Weights = input.Matrix,
                    Recurrent = state.Matrix,
                    RecurrentCandidate = candidateWeights,
                    Bias = input.Bias,
                    Gates = x.Indices,
                    Activations = [f, g],
                    Hidden = hidden,
                    NewHidden = next,
                };
            }
        }

        return null;
    }

    /// <summary>Parts of one matrix that are all of it.</summary>
    private static (FlowValue Matrix, int[] Indices)? Parts(FlowValue[] values, int count)
    {
        var indices = new int[values.Length];
        FlowValue? whole = null;
        for (var i = 0; i < values.Length; i++)
        {
            if (!FlowMatch.IsPart(values[i], out var matrix, out indices[i]) || (whole is not null && matrix != whole))
            {
                return null;
            }

            indices[i] = indices[i] < 0 ? count - 1 : indices[i];
            whole = matrix;
        }

        return indices.Distinct().Count() == count ? (whole!, indices) : null;
    }

    /// <summary>x W + h R + b.</summary>
    private static (FlowValue X, FlowValue W, FlowValue R, FlowValue? B)? Sum(FlowValue value, FlowValue state)
    {
        FlowValue? x = null, w = null, r = null, b = null;
        foreach (var term in FlowMatch.Terms(value))
        {
            if (!FlowMatch.IsOp(term, "MatMul"))
            {
                if (b is not null)
                {
                    return null;
                }

                b = term;
            }
            else if (FlowMatch.In(term, 0) == state && r is null)
            {
                r = FlowMatch.In(term, 1);
            }
            else if (x is null)
            {
                (x, w) = (FlowMatch.In(term, 0), FlowMatch.In(term, 1));
            }
            else
            {
                return null;
            }
        }

        return x is not null && r is not null && (b is null || b.IsKnown) ? (x, w!, r, b) : null;
    }

    private static (FlowValue Operand, FlowValue Matrix, FlowValue? Bias)? Product(FlowValue value)
    {
        var terms = FlowMatch.Terms(value);
        var product = terms.Find(static t => FlowMatch.IsOp(t, "MatMul"));
        var bias = terms.Find(static t => !FlowMatch.IsOp(t, "MatMul"));
        return product is not null && terms.Count <= 2 && (terms.Count == 1 || bias is { IsKnown: true })
            ? (FlowMatch.In(product, 0), FlowMatch.In(product, 1), bias)
            : null;
    }
}
