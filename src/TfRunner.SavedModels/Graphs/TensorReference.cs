using System.Globalization;

namespace TfRunner.Graphs;

/// <summary>
/// What a node's input names: in a graph <c>node</c>, <c>node:1</c>; in a function body an argument's name or
/// <c>node:output_arg:index</c>; in both <c>^node</c> for a control input.
/// </summary>
/// <param name="Node">The node, or in a function body the argument.</param>
/// <param name="OutputArg">The name of the op's output in a function body; null elsewhere.</param>
/// <param name="Index">The output's number; within <paramref name="OutputArg"/> where that is given.</param>
/// <param name="IsControl">Whether only the order counts.</param>
internal readonly record struct TensorReference(string Node, string? OutputArg, int Index, bool IsControl)
{
    /// <summary>Parses either form.</summary>
    /// <param name="text">The input as it stands in the file.</param>
    /// <returns>The reference; an index that cannot be read is -1.</returns>
    public static TensorReference Parse(string text)
    {
        if (text.StartsWith('^'))
        {
            return new(text[1..], null, 0, IsControl: true);
        }

        var first = text.IndexOf(':', StringComparison.Ordinal);
        if (first < 0)
        {
            return new(text, null, 0, IsControl: false);
        }

        var second = text.IndexOf(':', first + 1);
        if (second >= 0)
        {
            return new(text[..first], text[(first + 1)..second], Number(text.AsSpan(second + 1)), IsControl: false);
        }

        var number = Number(text.AsSpan(first + 1));
        return number >= 0 || first + 1 == text.Length
            ? new(text[..first], null, number, IsControl: false)
            : new(text[..first], text[(first + 1)..], 0, IsControl: false);
    }

    private static int Number(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
