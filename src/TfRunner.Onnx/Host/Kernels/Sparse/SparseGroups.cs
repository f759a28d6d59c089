using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels.Sparse;

/// <summary>The elements of a dense or sparse tensor by their place on all axes but the last.</summary>
internal sealed class SparseGroups
{
    private readonly Dictionary<long, List<long>> members;
    private readonly Key[] keys;

    private SparseGroups(long[] outer, TensorValue values, Dictionary<long, List<long>> members)
    {
        Outer = outer;
        Values = values;
        this.members = members;
        keys = values.IsString ? Array.ConvertAll(values.Strings, static s => new Key(System.Text.Encoding.Latin1.GetString(s), 0))
            : values.DType.IsFloating() ? Array.ConvertAll(ArrayCast.ToDoubles(values), static v => new Key(null, (decimal)v))
            : Array.ConvertAll(ArrayCast.ToLongs(values), static v => new Key(null, v));
    }

    /// <summary>All dimensions but the last.</summary>
    public long[] Outer { get; }

    /// <summary>The elements.</summary>
    public TensorValue Values { get; }

    public static SparseGroups OfDense(TensorValue x)
    {
        var members = new Dictionary<long, List<long>>();
        var run = x.Rank == 0 ? 1 : x.Dimensions[^1];
        for (var i = 0L; i < x.Length; i++)
        {
            Add(members, i / run, i);
        }

        return new(x.Dimensions[..^1].ToArray(), x, members);
    }

    /// <summary>Indices, values and shape at three inputs of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="first">The input that has the indices.</param>
    /// <returns>The groups.</returns>
    public static SparseGroups OfSparse(HostCall call, int first)
    {
        var indices = call.Ints(first);
        var values = call.Tensor(first + 1);
        var shape = call.Ints(first + 2);
        var outer = shape[..^1];
        var strides = Strides.Of(outer);
        var members = new Dictionary<long, List<long>>();
        for (var i = 0L; i < values.Length; i++)
        {
            var group = 0L;
            for (var axis = 0; axis < outer.Length; axis++)
            {
                group += indices[(i * shape.Length) + axis] * strides[axis];
            }

            Add(members, group, i);
        }

        return new(outer, values, members);
    }

    /// <summary>Where the elements of a group stand in <see cref="Values"/>.</summary>
    /// <param name="group">The group's row-major number.</param>
    /// <returns>Their positions, in the order of the tensor.</returns>
    public IReadOnlyList<long> Members(long group) => members.GetValueOrDefault(group) ?? [];

    /// <summary>What equals and orders as the element does.</summary>
    /// <param name="at">The element's position.</param>
    /// <returns>The key.</returns>
    public Key KeyOf(long at) => keys[at];

    /// <summary>The elements at a place, which may lie outside.</summary>
    /// <param name="place">An index per axis of <see cref="Outer"/>.</param>
    /// <returns>Their keys; none outside.</returns>
    public Key[] Sequence(long[] place)
    {
        var strides = Strides.Of(Outer);
        var group = 0L;
        for (var axis = 0; axis < place.Length; axis++)
        {
            if (place[axis] >= Outer[axis])
            {
                return [];
            }

            group += place[axis] * strides[axis];
        }

        return [.. Members(group).Select(KeyOf)];
    }

    private static void Add(Dictionary<long, List<long>> members, long group, long at)
    {
        if (!members.TryGetValue(group, out var list))
        {
            members[group] = list = [];
        }

        list.Add(at);
    }

    /// <summary>A string by its bytes, or a number.</summary>
    public readonly record struct Key(string? Text, decimal Number) : IComparable<Key>
    {
        public int CompareTo(Key other) => Text is null ? Number.CompareTo(other.Number) : string.CompareOrdinal(Text, other.Text);
    }
}
