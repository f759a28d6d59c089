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

    /// <summary>The main ranges of scripts in the basic plane. Source: Unicode's Scripts.txt.</summary>
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["Latin"] = @"A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02B8\u1E00-\u1EFF\u2C60-\u2C7F\uA722-\uA787\uFB00-\uFB06\uFF21-\uFF3A\uFF41-\uFF5A",
        ["Greek"] = @"\u0370-\u0373\u0375-\u0377\u037A-\u037D\u037F\u0384\u0386\u0388-\u03E1\u03F0-\u03FF\u1F00-\u1FFE",
        ["Cyrillic"] = @"\u0400-\u0484\u0487-\u052F\u1C80-\u1C88\u1D2B\u1D78\u2DE0-\u2DFF\uA640-\uA69F",
        ["Hebrew"] = @"\u0591-\u05F4\uFB1D-\uFB4F",
        ["Arabic"] = @"\u0600-\u0604\u0606-\u060B\u060D-\u061A\u061C-\u061E\u0620-\u063F\u0641-\u064A\u0656-\u066F\u0671-\u06DC\u06DE-\u06FF\u0750-\u077F\uFB50-\uFDFF\uFE70-\uFEFC",
        ["Devanagari"] = @"\u0900-\u0950\u0955-\u0963\u0966-\u097F\uA8E0-\uA8FF",
        ["Thai"] = @"\u0E01-\u0E3A\u0E40-\u0E5B",
        ["Hangul"] = @"\u1100-\u11FF\u302E\u302F\u3131-\u318E\u3200-\u321E\u3260-\u327E\uA960-\uA97C\uAC00-\uD7A3\uD7B0-\uD7FB\uFFA0-\uFFDC",
        ["Hiragana"] = @"\u3041-\u3096\u309D-\u309F",
        ["Katakana"] = @"\u30A1-\u30FA\u30FD-\u30FF\u31F0-\u31FF\u32D0-\u32FE\u3300-\u3357\uFF66-\uFF6F\uFF71-\uFF9D",
        ["Han"] = @"\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DB5\u4E00-\u9FEF\uF900-\uFAD9",
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
            case 'p' or 'P' when at + 1 < pattern.Length:
                return Property(pattern, at, text);
            case 'z' when !isInClass:
                text.Append(@"\z");
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

    /// <summary>A Unicode class: one letter needs braces in .NET, and scripts are not among its names.</summary>
    private static int Property(string pattern, int at, StringBuilder text)
    {
        var isBraced = pattern[at + 1] == '{';
        var end = isBraced ? pattern.IndexOf('}', at) : at + 1;
        if (end < 0)
        {
            text.Append('\\').Append(pattern[at]);
            return at;
        }

        var name = isBraced ? pattern[(at + 2)..end] : pattern[(at + 1)..(at + 2)];
        var isNegated = (pattern[at] == 'P') != name.StartsWith('^');
        name = name.TrimStart('^');
        if (Scripts.TryGetValue(name, out var ranges))
        {
            text.Append(isNegated ? "[^" : "[").Append(ranges).Append(']');
        }
        else
        {
            text.Append(isNegated ? @"\P{" : @"\p{").Append(name).Append('}');
        }

        return end;
    }
}
