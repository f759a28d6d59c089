namespace TfRunner.Onnx.Host;

/// <summary>A lookup table: its contents are fixed when the model is loaded.</summary>
internal sealed class HostTable
{
    public HostTable(TensorValue keys, TensorValue values)
    {
        Keys = keys;
        Values = values;
        if (keys.IsString)
        {
            Text = new(StringComparer.Ordinal);
            for (var i = 0; i < keys.Strings.Length; i++)
            {
                // Latin-1 keeps every byte apart, so that any byte string is a key.
                Text.TryAdd(System.Text.Encoding.Latin1.GetString(keys.Strings[i]), i);
            }
        }
        else
        {
            Numbers = [];
            var numbers = Arrays.ArrayCast.ToLongs(keys);
            for (var i = 0; i < numbers.Length; i++)
            {
                Numbers.TryAdd(numbers[i], i);
            }
        }
    }

    /// <summary>The keys: a vector of strings or integers.</summary>
    public TensorValue Keys { get; }

    /// <summary>The values, one per key.</summary>
    public TensorValue Values { get; }

    private Dictionary<string, int>? Text { get; }

    private Dictionary<long, int>? Numbers { get; }

    /// <summary>Makes a table that leaves some keys out.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="values">The values, one per key.</param>
    /// <param name="leftOut">Keys that are no entries.</param>
    /// <returns>The table.</returns>
    public static HostTable Without(TensorValue keys, TensorValue values, params IReadOnlyList<TensorValue> leftOut)
    {
        var unwanted = leftOut.Select(static k => new HostTable(k.Reshape(1), k)).ToList();
        var finds = unwanted.ConvertAll(u => u.Find(keys));
        var kept = Enumerable.Range(0, (int)keys.Length).Where(i => finds.TrueForAll(f => f[i] < 0)).Select(static i => (long)i).ToArray();
        using var places = TensorValue.From(kept, kept.Length);
        return new(Arrays.ArrayMovement.Gather(keys, places, 0), Arrays.ArrayMovement.Gather(values, places, 0));
    }

    /// <summary>Finds the entries of keys.</summary>
    /// <param name="keys">Keys of the table's dtype.</param>
    /// <returns>One index per key; -1 where the table has none.</returns>
    public long[] Find(TensorValue keys) => Text is not null
        ? Array.ConvertAll(keys.Strings, k => Text.TryGetValue(System.Text.Encoding.Latin1.GetString(k), out var i) ? (long)i : -1)
        : Array.ConvertAll(Arrays.ArrayCast.ToLongs(keys), k => Numbers!.TryGetValue(k, out var i) ? (long)i : -1);
}
