using System.Text.RegularExpressions;

namespace TfRunner.TensorFlow.Native;

/// <summary>Makes one readable line of TensorFlow's messages, which carry node lists and stack traces.</summary>
internal static partial class StatusText
{
    private const int Longest = 600;

    public static string OneLine(string message)
    {
        var cut = TailPattern().Match(message);
        var text = cut.Success ? message[..cut.Index] : message;
        text = NodePattern().Replace(text, static m => $" (node {m.Groups["node"].Value})");
        text = WrappedPattern().Replace(text, string.Empty);
        text = DecorationPattern().Replace(text, "$1");
        text = SpacePattern().Replace(text, " ").Trim();
        return text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "...");
    }

    [GeneratedRegex(@"\n\s*(Detected at node|Stack trace for op definition|Original stack trace|Errors may have originated|\d+ successful operations\.)")]
    private static partial Regex TailPattern();

    [GeneratedRegex(@"\s*\[\[\{\{node (?<node>[^}]*)\}\}\]\]")]
    private static partial Regex NodePattern();

    // What the eager runtime calls the function that it wraps around a single op.
    [GeneratedRegex(@"\{\{function_node __wrapped__[^}]*\}\}\s*")]
    private static partial Regex WrappedPattern();

    [GeneratedRegex(@"\{\{(?:node|function_node) ([^}]*)\}\}")]
    private static partial Regex DecorationPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacePattern();
}
