using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;

namespace TfRunner.Cli.Output;

/// <summary>
/// The library's help, without the defaults that it adds to the descriptions: these say range and default themselves, in the
/// form in which they are typed.
/// </summary>
internal sealed partial class HelpText : SynchronousCommandLineAction
{
    private readonly HelpAction whole = new();

    public override bool ClearsParseErrors => whole.ClearsParseErrors;

    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        using var text = new StringWriter();
        parseResult.InvocationConfiguration.Output = text;
        var exitCode = whole.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(AddedDefault().Replace(text.ToString(), string.Empty));
        return exitCode;
    }

    /// <summary>What is added ends a description; on a narrow terminal it may go over a line's end.</summary>
    [GeneratedRegex(@"\s+\[default:[^\]]*\]")]
    private static partial Regex AddedDefault();
}
