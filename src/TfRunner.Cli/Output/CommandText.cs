using System.CommandLine;

namespace TfRunner.Cli.Output;

/// <summary>The command that gave a result, to be run again by who reads it.</summary>
internal static class CommandText
{
    /// <summary>The line as a shell takes it.</summary>
    public static string Of(ParseResult parsed) => "tfrunner " + string.Join(' ', parsed.Tokens.Select(static t => Quote(t.Value)));

    private static string Quote(string text) =>
        text.Length > 0 && text.All(static c => char.IsAsciiLetterOrDigit(c) || "-_./:=,%@+".Contains(c, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
