using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Cutting, padding, rolling and selecting.</summary>
internal sealed class MovementKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Slice, "Slice");
        registry.Add(SplitV, "SplitV");
        registry.Add(Unpack, "Unpack");
        registry.Add(Pad, "Pad", "PadV2");
        registry.Add(MirrorPad, "MirrorPad");
        registry.Add(Roll, "Roll");
        registry.Add(ReverseSequence, "ReverseSequence");
        registry.Add(ReverseFlags, "Reverse");
        registry.Add(Select, "Select", "SelectV2");
        registry.Add(Bitcast, "Bitcast");
        registry.Add(LinSpace, "LinSpace");
        registry.Add(GatherBatched, "GatherV2");
        registry.Add(static call => call.Output(ArrayMovement.Gather(call.Tensor(0), call.Tensor(1), 0)), "Gather", "ResourceGather");
        registry.Add(
            static call => call.Output(ArrayMovement.Concat([.. Enumerable.Range(1, call.InputCount - 1).Select(call.Tensor)], (int)call.Int(0))), "Concat");
        registry.Add(static call => call.Output(ArrayMovement.Concat([.. Enumerable.Range(0, call.InputCount).Select(call.Tensor)], 0)), "ParallelConcat");
        registry.Add(ShapeN, "ShapeN");
        registry.Add(OnesLike, "OnesLike");
        registry.Add(
            static call => call.Output(call.Tensor(0)), "Snapshot", "PreventGradient", "EnsureShape", "DebugGradientIdentity", "PlaceholderWithDefault");
        registry.Add(CheckNumerics, "CheckNumerics", "CheckNumericsV2");
        registry.Add(ConcatOffset, "ConcatOffset");
        registry.Add(BroadcastGradientArgs, "BroadcastGradientArgs");
    }

    private static long[] Ones(int rank) => [.. Enumerable.Repeat(1L, rank)];

    /// <summary>Slice: begin and size per axis; size -1 takes all that is left.</summary>
    private static void Slice(HostCall call)
    {
        var x = call.Tensor(0);
        var (begin, size) = (call.Ints(1), call.Ints(2));
        for (var i = 0; i < begin.Length; i++)
        {
            size[i] = size[i] == -1 ? x.Dimensions[i] - begin[i] : size[i];
            if (begin[i] < 0 || size[i] < 0 || begin[i] + size[i] > x.Dimensions[i])
            {
                throw call.Invalid(FormattableString.Invariant($"expected begin[{i}] and size[{i}] to lie in [0, {x.Dimensions[i]}], got {begin[i]} and {size[i]}"));
            }
        }

        call.Output(ArrayMovement.Slice(x, begin, size, Ones(x.Rank)));
    }

    /// <summary>SplitV: parts of given sizes; -1 takes the rest.</summary>
    private static void SplitV(HostCall call)
    {
        var x = call.Tensor(0);
        var sizes = call.Ints(1);
        var axis = (int)call.Int(2);
        axis = axis < 0 ? axis + x.Rank : axis;
        var open = Array.IndexOf(sizes, -1);
        if (open >= 0)
        {
            sizes[open] = x.Dimensions[axis] - sizes.Where((_, i) => i != open).Sum();
        }

        if (sizes.Sum() != x.Dimensions[axis] || sizes.Any(static s => s < 0))
        {
            throw call.Invalid(FormattableString.Invariant($"the parts [{string.Join(", ", sizes)}] do not add up to dimension {axis} of {x.Shape}"));
        }

        var (starts, counts) = (new long[x.Rank], x.Dimensions.ToArray());
        for (var i = 0; i < sizes.Length; i++)
        {
            counts[axis] = sizes[i];
            call.Output(i, ArrayMovement.Slice(x, starts, counts, Ones(x.Rank)));
            starts[axis] += sizes[i];
        }
    }

    /// <summary>Unpack: the slices along an axis, without it.</summary>
    private static void Unpack(HostCall call)
    {
        var x = call.Tensor(0);
        var axis = (int)call.Attributes.Int("axis");
        axis = axis < 0 ? axis + x.Rank : axis;
        if (x.Dimensions[axis] != call.OutputCount)
        {
            throw call.Invalid(FormattableString.Invariant($"Input shape axis {axis} must equal {call.OutputCount}, got shape {x.Shape}"));
        }

        for (var i = 0; i < call.OutputCount; i++)
        {
            using var index = TensorValue.FromScalar((long)i);
            call.Output(i, ArrayMovement.Gather(x, index, axis));
        }
    }

    /// <summary>Pad, PadV2: [rank, 2] amounts before and after.</summary>
    private static void Pad(HostCall call)
    {
        var x = call.Tensor(0);
        var amounts = call.Ints(1);
        var dims = x.Dimensions.ToArray().Select((d, i) => d + amounts[2 * i] + amounts[(2 * i) + 1]).ToArray();
        using var places = Places(x, dims, (axis, i) => i - amounts[2 * axis] is var at && at >= 0 && at < x.Dimensions[axis] ? at : -1);
        if (call.InputCount == 2)
        {
            call.Output(ArrayMovement.Take(x, dims, places.AsSpan<long>()));
            return;
        }

        var result = ArrayMovement.Broadcast(call.Tensor(2), dims);
        var source = places.AsSpan<long>();
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] >= 0)
            {
                ArrayMovement.CopyElements(x, source[i], result, i, 1);
            }
        }

        call.Output(result);
    }

    /// <summary>MirrorPad: REFLECT leaves out the border, SYMMETRIC repeats it.</summary>
    private static void MirrorPad(HostCall call)
    {
        var x = call.Tensor(0);
        var amounts = call.Ints(1);
        var skip = call.Attributes.Text("mode") == "REFLECT" ? 1 : 0;
        var dims = x.Dimensions.ToArray().Select((d, i) => d + amounts[2 * i] + amounts[(2 * i) + 1]).ToArray();
        using var places = Places(x, dims, (axis, i) =>
        {
            var (at, n) = (i - amounts[2 * axis], x.Dimensions[axis]);
            return at < 0 ? -at - 1 + skip : at >= n ? (2 * n) - at - 1 - skip : at;
        });
        call.Output(ArrayMovement.Take(x, dims, places.AsSpan<long>()));
    }

    /// <summary>The source of every element of a result, from a rule per axis that gives -1 outside.</summary>
    private static TensorValue Places(TensorValue x, long[] dims, Func<int, long, long> source)
    {
        var own = Strides.Of(dims);
        var strides = Strides.Of(x.Dimensions);
        var result = TensorValue.Allocate(DType.Int64, Strides.Count(dims));
        var places = result.AsSpan<long>();
        for (var i = 0; i < places.Length; i++)
        {
            var place = 0L;
            for (var axis = 0; axis < dims.Length && place >= 0; axis++)
            {
                var at = source(axis, i / own[axis] % dims[axis]);
                place = at < 0 ? -1 : place + (at * strides[axis]);
            }

            places[i] = place;
        }

        return result;
    }

    /// <summary>Roll: element i moves to (i + shift) mod n along each axis; shifts of one axis add up.</summary>
    private static void Roll(HostCall call)
    {
        var x = call.Tensor(0);
        var total = new long[x.Rank];
        foreach (var (shift, axis) in call.Ints(1).Zip(call.Ints(2)))
        {
            total[axis < 0 ? axis + x.Rank : axis] += shift;
        }

        using var places = Places(x, x.Dimensions.ToArray(), (axis, i) => (((i - total[axis]) % x.Dimensions[axis]) + x.Dimensions[axis]) % x.Dimensions[axis]);
        call.Output(ArrayMovement.Take(x, x.Dimensions, places.AsSpan<long>()));
    }

    /// <summary>ReverseSequence: the first seq_lengths[b] elements along seq_dim reversed, for each b along batch_dim.</summary>
    private static void ReverseSequence(HostCall call)
    {
        var x = call.Tensor(0);
        var lengths = call.Ints(1);
        var (along, by) = ((int)call.Attributes.Int("seq_dim"), (int)call.Attributes.Int("batch_dim"));
        var strides = Strides.Of(x.Dimensions);
        var places = new long[x.Length];
        for (var i = 0L; i < places.Length; i++)
        {
            var (at, b) = (i / strides[along] % x.Dimensions[along], i / strides[by] % x.Dimensions[by]);
            places[i] = at < lengths[b] ? i + ((lengths[b] - 1 - (2 * at)) * strides[along]) : i;
        }

        call.Output(ArrayMovement.Take(x, x.Dimensions, places));
    }

    /// <summary>Reverse, the first form: a flag per axis.</summary>
    private static void ReverseFlags(HostCall call)
    {
        var x = call.Tensor(0);
        var flags = call.Ints(1);
        using var places = Places(x, x.Dimensions.ToArray(), (axis, i) => flags[axis] != 0 ? x.Dimensions[axis] - 1 - i : i);
        call.Output(ArrayMovement.Take(x, x.Dimensions, places.AsSpan<long>()));
    }

    /// <summary>SelectV2 broadcasts; Select takes a vector as a choice of rows.</summary>
    private static void Select(HostCall call)
    {
        var (condition, a, b) = (call.Tensor(0), call.Tensor(1), call.Tensor(2));
        var chosenDims = condition.Dimensions.ToArray();
        if (call.Op == "Select" && condition.Rank == 1 && a.Rank > 1)
        {
            chosenDims = [condition.Length, .. Ones(a.Rank - 1)];
        }

        var dims = Strides.Broadcast2(chosenDims, Strides.Broadcast2(a.Dimensions, b.Dimensions));
        var flags = condition.AsSpan<bool>();
        var chosen = Strides.Positions(dims, Strides.Broadcast(chosenDims, dims));
        using var left = ArrayMovement.Broadcast(a, dims);
        var result = ArrayMovement.Broadcast(b, dims);
        for (var i = 0; i < chosen.Length; i++)
        {
            if (flags[(int)chosen[i]])
            {
                ArrayMovement.CopyElements(left, i, result, i, 1);
            }
        }

        call.Output(result);
    }

    /// <summary>Bitcast: the same memory as another dtype; the last dimension goes or comes where the sizes differ.</summary>
    private static void Bitcast(HostCall call)
    {
        var x = call.Tensor(0);
        var to = call.OutputType();
        var (from, size) = (x.DType.ElementSize(), to.ElementSize());
        long[] dims = from == size ? x.Dimensions.ToArray()
            : from > size ? [.. x.Dimensions, from / size]
            : x.Rank > 0 && x.Dimensions[^1] == size / from ? x.Dimensions[..^1].ToArray()
            : throw call.Invalid($"Cannot bitcast from {x.DType.Name()} to {to.Name()}: shape {x.Shape}");
        var result = TensorValue.Allocate(to, dims);
        x.Bytes.CopyTo(result.Bytes);
        call.Output(result);
    }

    /// <summary>LinSpace: num numbers from start to stop, both included.</summary>
    private static void LinSpace(HostCall call)
    {
        var (start, stop, n) = (call.Doubles(0)[0], call.Doubles(1)[0], call.Int(2));
        call.Output(0, [.. Enumerable.Range(0, (int)n).Select(i => i == n - 1 && n > 1 ? stop : start + (n > 1 ? i * (stop - start) / (n - 1) : 0))], n);
    }

    /// <summary>GatherV2: slices along an axis; the first batch_dims axes of both operands go together.</summary>
    private static void GatherBatched(HostCall call)
    {
        var (x, indices) = (call.Tensor(0), call.Tensor(1));
        var batch = (int)call.Attributes.Int("batch_dims");
        batch = batch < 0 ? batch + indices.Rank : batch;
        var axis = (int)call.Int(2);
        axis = axis < 0 ? axis + x.Rank : axis;
        if (batch == 0)
        {
            call.Output(ArrayMovement.Gather(x, indices, axis));
            return;
        }

        var wanted = call.Ints(1);
        var perBatch = Strides.Count(indices.Dimensions[batch..]);
        var outer = Strides.Count(x.Dimensions[batch..axis]);
        var inner = Strides.Count(x.Dimensions[(axis + 1)..]);
        var n = x.Dimensions[axis];
        var result = TensorValue.Zeros(x.DType, [.. x.Dimensions[..axis], .. indices.Dimensions[batch..], .. x.Dimensions[(axis + 1)..]]);
        var to = 0L;
        for (var b = 0L; b < Strides.Count(x.Dimensions[..batch]); b++)
        {
            for (var o = 0L; o < outer; o++)
            {
                for (var i = 0L; i < perBatch; i++, to += inner)
                {
                    var index = wanted[(b * perBatch) + i];
                    if (index < 0 || index >= n)
                    {
                        throw call.Invalid(FormattableString.Invariant($"indices[{(b * perBatch) + i}] = {index} is not in [0, {n})"));
                    }

                    ArrayMovement.CopyElements(x, ((((b * outer) + o) * n) + index) * inner, result, to, inner);
                }
            }
        }

        call.Output(result);
    }

    private static void ShapeN(HostCall call)
    {
        for (var i = 0; i < call.OutputCount; i++)
        {
            call.Output(i, call.Tensor(i).Dimensions.ToArray(), call.Tensor(i).Rank);
        }
    }

    private static void OnesLike(HostCall call)
    {
        using var one = TensorValue.FromScalar(1.0);
        using var cast = ArrayCast.Cast(one, call.OutputType());
        call.Output(ArrayMovement.Broadcast(cast, call.Tensor(0).Dimensions));
    }

    /// <summary>CheckNumerics: an error with the message attribute where an element is NaN or infinite.</summary>
    private static void CheckNumerics(HostCall call)
    {
        if (!call.Doubles(0).All(double.IsFinite))
        {
            throw call.Invalid($"{call.Attributes.Text("message")} : Tensor had NaN or Inf values");
        }

        call.Output(call.Tensor(0));
    }

    /// <summary>ConcatOffset: where each operand starts along the axis that they are joined on.</summary>
    private static void ConcatOffset(HostCall call)
    {
        var axis = (int)call.Int(0);
        var sum = 0L;
        for (var i = 1; i < call.InputCount; i++)
        {
            var shape = call.Ints(i);
            var at = axis < 0 ? axis + shape.Length : axis;
            var offset = new long[shape.Length];
            offset[at] = sum;
            sum += shape[at];
            call.Output(i - 1, offset, offset.Length);
        }
    }

    /// <summary>BroadcastGradientArgs: the axes along which each of two shapes was repeated to fit the other.</summary>
    private static void BroadcastGradientArgs(HostCall call)
    {
        var (a, b) = (call.Ints(0), call.Ints(1));
        var rank = Math.Max(a.Length, b.Length);
        long[] Repeated(long[] own, long[] other) => [.. Enumerable.Range(0, rank).Where(i =>
        {
            var (x, y) = (Of(own, i), Of(other, i));
            return x == 1 && (y != 1 || i < rank - own.Length || (x == 1 && y == 1));
        }).Select(static i => (long)i)];
        long Of(long[] dims, int i) => i < rank - dims.Length ? 1 : dims[i - (rank - dims.Length)];
        var (first, second) = a.AsSpan().SequenceEqual(b) ? ([], []) : (Repeated(a, b), Repeated(b, a));
        call.Output(0, first, first.Length);
        call.Output(1, second, second.Length);
    }
}
