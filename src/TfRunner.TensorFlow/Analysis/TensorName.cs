using System.Globalization;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>A tensor in a graph: the node that makes it and which of its outputs it is.</summary>
internal readonly record struct TensorName(string Node, int Index)
{
    /// <summary>Reads <c>node</c>, <c>node:1</c> or, for a control input, <c>^node</c> (index -1).</summary>
    public static TensorName Parse(string text)
    {
        if (text.StartsWith('^'))
        {
            return new(text[1..], -1);
        }

        var colon = text.LastIndexOf(':');
        return colon >= 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? new(text[..colon], index)
            : new(text, 0);
    }

    public override string ToString() => Index < 0 ? "^" + Node : string.Create(CultureInfo.InvariantCulture, $"{Node}:{Index}");
}
