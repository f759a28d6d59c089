using System.Globalization;

namespace TfRunner.Onnx.Conversion.Building;

/// <summary>Gives out names that are unique in a model.</summary>
internal sealed class OnnxNames
{
    private readonly Dictionary<string, int> used = new(StringComparer.Ordinal);

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
