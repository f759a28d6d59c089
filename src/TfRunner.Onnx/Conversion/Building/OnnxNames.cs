using System.Globalization;

namespace TfRunner.Onnx.Conversion.Building;

/// <summary>Gives out names that are unique in a model.</summary>
internal sealed class OnnxNames
{
    private readonly Dictionary<string, int> used = new(StringComparer.Ordinal);
    private readonly HashSet<string> reserved = new(StringComparer.Ordinal);

    /// <summary>Keeps a name for <see cref="TakeReserved"/>.</summary>
    /// <param name="name">The name.</param>
    public void Reserve(string name)
    {
        used.TryAdd(name, 1);
        reserved.Add(name);
    }

    /// <summary>Takes a name that was kept; another one where it is taken already.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The name to use.</returns>
    public string TakeReserved(string name) => reserved.Remove(name) ? name : Take(name);

    public string Take(string wish)
    {
        if (used.TryAdd(wish, 1))
        {
            return wish;
        }

        string name;
        do
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wish}__{used[wish]++}");
        }
        while (!used.TryAdd(name, 1));

        return name;
    }
}
