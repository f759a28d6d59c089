using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Sparse;

/// <summary>
/// Sets along the last axis, one per place of the other axes: of a dense tensor all elements, of a sparse one those that are there. Results
/// are sparse with each set's elements in ascending order. Source: the documentation of tf.sets.
/// </summary>
internal sealed class SetKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Combine(call, SparseGroups.OfDense(call.Tensor(0)), SparseGroups.OfDense(call.Tensor(1))), "DenseToDenseSetOperation");
        registry.Add(static call => Combine(call, SparseGroups.OfDense(call.Tensor(0)), SparseGroups.OfSparse(call, 1)), "DenseToSparseSetOperation");
        registry.Add(static call => Combine(call, SparseGroups.OfSparse(call, 0), SparseGroups.OfSparse(call, 3)), "SparseToSparseSetOperation");
        registry.Add(Size, "SetSize");
        registry.Add(Distance, "EditDistance");
    }

    private static void Combine(HostCall call, SparseGroups a, SparseGroups b)
    {
        if (!a.Outer.SequenceEqual(b.Outer))
        {
            throw call.Invalid($"Mismatched group shapes {TensorShape.Format(a.Outer)} and {TensorShape.Format(b.Outer)}.");
        }

        var operation = call.Attributes.Text("set_operation");
        var own = Strides.Of(a.Outer);
        var (indices, taken, longest) = (new List<long>(), new List<(TensorValue Source, long At)>(), 0L);
        for (var group = 0L; group < Strides.Count(a.Outer); group++)
        {
            var (left, right) = (Distinct(a, group), Distinct(b, group));
            var result = operation switch
            {
                "a-b" => left.Where(v => !right.ContainsKey(v.Key)),
                "b-a" => right.Where(v => !left.ContainsKey(v.Key)),
                "intersection" => left.Where(v => right.ContainsKey(v.Key)),
                "union" => left.Concat(right.Where(v => !left.ContainsKey(v.Key))).OrderBy(static v => v.Key),
                _ => throw call.Invalid($"Invalid set_operation {operation}."),
            };
            var place = 0L;
            foreach (var (_, source) in result)
            {
                indices.AddRange(a.Outer.Select((d, axis) => group / own[axis] % d));
                indices.Add(place++);
                taken.Add(source);
            }

            longest = Math.Max(longest, place);
        }

        call.Output(0, indices.ToArray(), taken.Count, a.Outer.Length + 1);
        var values = TensorValue.Zeros(a.Values.DType, taken.Count);
        for (var i = 0; i < taken.Count; i++)
        {
            ArrayMovement.CopyElements(taken[i].Source, taken[i].At, values, i, 1);
        }

        call.Output(1, values);
        call.Output(2, [.. a.Outer, longest], a.Outer.Length + 1);
    }

    /// <summary>SetSize: the number of distinct elements of each set.</summary>
    private static void Size(HostCall call)
    {
        var groups = SparseGroups.OfSparse(call, 0);
        call.Output(0, [.. Enumerable.Range(0, (int)Strides.Count(groups.Outer)).Select(g => (long)Distinct(groups, g).Count)], groups.Outer);
    }

    private static SortedDictionary<SparseGroups.Key, (TensorValue Source, long At)> Distinct(SparseGroups groups, long group)
    {
        var found = new SortedDictionary<SparseGroups.Key, (TensorValue, long)>();
        foreach (var at in groups.Members(group))
        {
            found.TryAdd(groups.KeyOf(at), (groups.Values, at));
        }

        return found;
    }

    /// <summary>EditDistance: Levenshtein's distance of the sequence in each place from the truth's, by the truth's length with normalize.</summary>
    private static void Distance(HostCall call)
    {
        var (hypothesis, truth) = (SparseGroups.OfSparse(call, 0), SparseGroups.OfSparse(call, 3));
        var normalizes = call.Attributes.Bool("normalize", true);
        if (hypothesis.Outer.Length != truth.Outer.Length)
        {
            throw call.Invalid("hypothesis and truth must have the same rank");
        }

        var dims = hypothesis.Outer.Zip(truth.Outer, Math.Max).ToArray();
        var own = Strides.Of(dims);
        var result = new double[Strides.Count(dims)];
        for (var i = 0L; i < result.Length; i++)
        {
            var place = dims.Select((d, axis) => i / own[axis] % d).ToArray();
            var (given, wanted) = (hypothesis.Sequence(place), truth.Sequence(place));
            var distance = Levenshtein(given, wanted);
            result[i] = !normalizes || distance == 0 ? distance : wanted.Length == 0 ? double.PositiveInfinity : (double)distance / wanted.Length;
        }

        call.Output(0, result, dims);
    }

    private static int Levenshtein(SparseGroups.Key[] a, SparseGroups.Key[] b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var replaced = diagonal + (a[i].Equals(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(diagonal, row[j]) + 1);
            }
        }

        return row[^1];
    }
}
