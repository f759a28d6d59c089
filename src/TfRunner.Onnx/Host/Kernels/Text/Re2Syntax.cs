using System.Text;

namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>RE2's pattern syntax where .NET's differs: classes that mean ASCII only, POSIX classes, <c>\Q..\E</c>, <c>(?P&lt;name&gt;</c>.</summary>
internal static class Re2Syntax
{
    private static readonly Dictionary<string, string> PosixClasses = new(StringComparer.Ordinal)
    {
        ["alnum"] = "0-9A-Za-z",
        ["alpha"] = "A-Za-z",
        ["ascii"] = @"\x00-\x7F",
        ["blank"] = @"\t ",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["digit"] = "0-9",
        ["graph"] = "!-~",
        ["lower"] = "a-z",
        ["print"] = " -~",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["space"] = @"\t\n\v\f\r ",
        ["upper"] = "A-Z",
        ["word"] = "0-9A-Za-z_",
        ["xdigit"] = "0-9A-Fa-f",
    };

    /// <summary>Translates a pattern.</summary>
    /// <param name="pattern">In RE2's syntax.</param>
    /// <returns>In .NET's.</returns>
    public static string ToDotNet(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var isInClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i = Escape(pattern, i + 1, isInClass, text);
            }
            else if (isInClass && c == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':'
                && pattern.IndexOf(":]", i + 2, StringComparison.Ordinal) is var end and > 0)
            {
                text.Append(PosixClasses.GetValueOrDefault(pattern[(i + 2)..end], string.Empty));
                i = end + 1;
            }
            else if (isInClass)
            {
                isInClass = c != ']';
                text.Append(c == '[' ? @"\[" : c);
            }
            else if (c == '[')
            {
                isInClass = true;
                text.Append(c);
                if (i + 1 < pattern.Length && pattern[i + 1] == '^')
                {
                    text.Append(pattern[++i]);
                }

                if (i + 1 < pattern.Length && pattern[i + 1] == ']')
                {
                    text.Append(@"\]");
                    i++;
                }
            }
            else if (c == '(' && pattern.AsSpan(i).StartsWith("(?P<"))
            {
                text.Append("(?<");
                i += 3;
            }
            else if (c == '$')
            {
                text.Append(@"\z"); // RE2's $ is the very end; .NET's also stands before a last line feed.
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }

    private static int Escape(string pattern, int at, bool isInClass, StringBuilder text)
    {
        switch (pattern[at])
        {
            case 'd':
                text.Append(isInClass ? "0-9" : "[0-9]");
                return at;
            case 'D' when !isInClass:
                text.Append("[^0-9]");
                return at;
            case 's':
                text.Append(isInClass ? @"\t\n\f\r " : @"[\t\n\f\r ]");
                return at;
            case 'S' when !isInClass:
                text.Append(@"[^\t\n\f\r ]");
                return at;
            case 'w':
                text.Append(isInClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]");
                return at;
            case 'W' when !isInClass:
                text.Append("[^0-9A-Za-z_]");
                return at;
            case 'C':
                text.Append(@"[\s\S]");
                return at;
            case 'Q':
                var end = pattern.IndexOf(@"\E", at, StringComparison.Ordinal);
                var literal = end < 0 ? pattern[(at + 1)..] : pattern[(at + 1)..end];
                text.Append(System.Text.RegularExpressions.Regex.Escape(literal));
                return end < 0 ? pattern.Length : end + 1;
            default:
                // .NET refuses escapes of characters that need none, such as \' or \_.
                var c = pattern[at];
                text.Append(char.IsAsciiLetterOrDigit(c) ? "\\" + c : System.Text.RegularExpressions.Regex.Escape(c.ToString()));
                if (isInClass && c is '-' or ']' or '^')
                {
                    text.Length -= System.Text.RegularExpressions.Regex.Escape(c.ToString()).Length;
                    text.Append('\\').Append(c);
                }

                return at;
        }
    }
}
