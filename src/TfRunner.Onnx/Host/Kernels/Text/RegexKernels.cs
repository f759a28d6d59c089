using System.Text;
using System.Text.RegularExpressions;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>Regular expressions. TensorFlow's are RE2's: byte strings seen as UTF-8, no lookaround, no back references in patterns.</summary>
internal sealed class RegexKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(
            static call => Replace(call, call.Prepared(static n => Compile(n, n.Attributes.Text("pattern"))), call.Attributes.Text("rewrite")),
            "StaticRegexReplace");
        registry.Add(
            static call => Replace(call, Compile(call.Node, Text(call.Tensor(1).Strings[0])), Text(call.Tensor(2).Strings[0])),
            "RegexReplace");
        registry.Add(
            static call => Match(call, call.Prepared(static n => Compile(n, @"\A(?:" + n.Attributes.Text("pattern") + @")\z"))),
            "StaticRegexFullMatch");
        registry.Add(
            static call => Match(call, Compile(call.Node, @"\A(?:" + Text(call.Tensor(1).Strings[0]) + @")\z")),
            "RegexFullMatch");
    }

    private static void Replace(HostCall call, Regex pattern, string rewrite)
    {
        var isGlobal = call.Attributes.Bool("replace_global", true);
        var x = call.Tensor(0);
        var result = Array.ConvertAll(x.Strings, s => Encoding.UTF8.GetBytes(Replace(pattern, Text(s), rewrite, isGlobal)));
        call.Output(TensorValue.FromStrings(result, x.Dimensions));
    }

    /// <summary>RE2's GlobalReplace: an empty match right behind the match before it does not count.</summary>
    private static string Replace(Regex pattern, string text, string rewrite, bool isGlobal)
    {
        var result = new StringBuilder(text.Length);
        var (copied, lastEnd) = (0, -1);
        for (var match = pattern.Match(text); match.Success; match = match.NextMatch())
        {
            // Between the halves of a surrogate pair is no place in UTF-8.
            var isSplit = match.Index > 0 && match.Index < text.Length && char.IsLowSurrogate(text[match.Index]) && char.IsHighSurrogate(text[match.Index - 1]);
            if (match.Length == 0 && (match.Index == lastEnd || isSplit))
            {
                continue;
            }

            result.Append(text, copied, match.Index - copied).Append(Expand(match, rewrite));
            lastEnd = copied = match.Index + match.Length;
            if (!isGlobal)
            {
                break;
            }
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    private static void Match(HostCall call, Regex pattern)
    {
        var x = call.Tensor(0);
        call.Output(TensorValue.From(Array.ConvertAll(x.Strings, s => pattern.IsMatch(Text(s))), x.Dimensions));
    }

    /// <summary>RE2's rewrite: \0 to \9 stand for groups, \\ for a backslash.</summary>
    private static string Expand(Match match, string rewrite)
    {
        if (!rewrite.Contains('\\', StringComparison.Ordinal))
        {
            return rewrite;
        }

        var text = new StringBuilder();
        for (var i = 0; i < rewrite.Length; i++)
        {
            if (rewrite[i] != '\\' || i + 1 == rewrite.Length)
            {
                text.Append(rewrite[i]);
                continue;
            }

            var next = rewrite[++i];
            text.Append(char.IsAsciiDigit(next) ? match.Groups[next - '0'].Value : next.ToString());
        }

        return text.ToString();
    }

    private static Regex Compile(HostNode node, string pattern)
    {
        try
        {
            return new(Re2Syntax.ToDotNet(pattern), RegexOptions.CultureInvariant);
        }
        catch (RegexParseException e)
        {
            throw node.Error(ErrorCode.InvalidArgument, $"the pattern '{pattern}' is not valid: {e.Message}");
        }
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
