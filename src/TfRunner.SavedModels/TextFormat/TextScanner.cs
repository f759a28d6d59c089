using System.Globalization;
using System.Text;
using TfRunner.Files;

namespace TfRunner.TextFormat;

/// <summary>
/// Splits a text-format message into tokens (protobuf's Text Format Language Specification): comments and white space are
/// skipped, strings are unescaped.
/// </summary>
/// <param name="path">The file, for messages.</param>
/// <param name="text">Its contents.</param>
internal sealed class TextScanner(string path, byte[] text)
{
    private readonly List<byte> buffer = [];
    private int position = text.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;

    /// <summary>The next token; <see cref="TextTokenKind.End"/> at the end, again and again.</summary>
    /// <returns>The token.</returns>
    public TextToken Next()
    {
        SkipBlank();
        var start = position;
        if (start >= text.Length)
        {
            return new(TextTokenKind.End, "", null, start);
        }

        var c = text[position];
        if (IsLetter(c))
        {
            SkipWhile(static b => IsLetter(b) || IsDigit(b));
            return new(TextTokenKind.Identifier, Ascii(start), null, start);
        }

        if (IsDigit(c) || (c == '.' && start + 1 < text.Length && IsDigit(text[start + 1])))
        {
            SkipNumber();
            return new(TextTokenKind.Number, Ascii(start), null, start);
        }

        if (c is (byte)'"' or (byte)'\'')
        {
            return new(TextTokenKind.String, "", ReadString(), start);
        }

        position++;
        return new(TextTokenKind.Symbol, ((char)c).ToString(), null, start);
    }

    /// <summary>An error at a place in the text.</summary>
    /// <param name="offset">The place in bytes.</param>
    /// <param name="what">What is wrong there.</param>
    /// <returns>The exception to throw.</returns>
    public TfRunnerException Error(int offset, string what)
    {
        var before = text.AsSpan(0, Math.Min(offset, text.Length));
        var line = before.Count((byte)'\n') + 1;
        var column = before.Length - before.LastIndexOf((byte)'\n');
        return FileErrors.Damaged(path, offset, string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}: {what}"));
    }

    private static bool IsLetter(byte b) => b is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_';

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    private string Ascii(int start) => Encoding.ASCII.GetString(text, start, position - start);

    private void SkipWhile(Predicate<byte> matches)
    {
        while (position < text.Length && matches(text[position]))
        {
            position++;
        }
    }

    // A sign belongs to a number only after its exponent's e, and hexadecimal digits have no exponent.
    private void SkipNumber()
    {
        var isHex = text[position] == '0' && position + 1 < text.Length && text[position + 1] is (byte)'x' or (byte)'X';
        while (position < text.Length)
        {
            var b = text[position];
            var isSign = b is (byte)'+' or (byte)'-' && !isHex && text[position - 1] is (byte)'e' or (byte)'E';
            if (!IsLetter(b) && !IsDigit(b) && b != '.' && !isSign)
            {
                return;
            }

            position++;
        }
    }

    private void SkipBlank()
    {
        while (position < text.Length)
        {
            if (text[position] == '#')
            {
                SkipWhile(static b => b != '\n');
            }
            else if (text[position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\v' or (byte)'\f')
            {
                position++;
            }
            else
            {
                return;
            }
        }
    }

    private byte[] ReadString()
    {
        var start = position;
        var quote = text[position++];
        buffer.Clear();
        while (true)
        {
            if (position >= text.Length || text[position] == '\n')
            {
                throw Error(start, "a string does not end");
            }

            var b = text[position++];
            if (b == quote)
            {
                return [.. buffer];
            }

            if (b == '\\')
            {
                ReadEscape();
            }
            else
            {
                buffer.Add(b);
            }
        }
    }

    private void ReadEscape()
    {
        var start = position - 1;
        var c = position < text.Length ? (char)text[position++] : throw Error(start, "a string does not end");
        switch (c)
        {
            case 'a': buffer.Add(7); break;
            case 'b': buffer.Add(8); break;
            case 't': buffer.Add(9); break;
            case 'n': buffer.Add(10); break;
            case 'v': buffer.Add(11); break;
            case 'f': buffer.Add(12); break;
            case 'r': buffer.Add(13); break;
            case '\\' or '\'' or '"' or '?': buffer.Add((byte)c); break;
            case >= '0' and <= '7':
                position--;
                buffer.Add((byte)ReadDigits(start, 8, 1, 3));
                break;
            case 'x' or 'X': buffer.Add((byte)ReadDigits(start, 16, 1, 2)); break;
            case 'u': AddRune(start, ReadDigits(start, 16, 4, 4)); break;
            case 'U': AddRune(start, ReadDigits(start, 16, 8, 8)); break;
            default: throw Error(start, "a string has an unknown escape");
        }
    }

    private uint ReadDigits(int start, uint numberBase, int least, int most)
    {
        var value = 0u;
        var count = 0;
        while (count < most && position < text.Length && char.IsAsciiHexDigit((char)text[position])
            && Convert.ToUInt32(((char)text[position]).ToString(), 16) is var digit && digit < numberBase)
        {
            value = (value * numberBase) + digit;
            position++;
            count++;
        }

        return count >= least ? value : throw Error(start, "a string's escape has too few digits");
    }

    private void AddRune(int start, uint value)
    {
        Span<byte> utf8 = stackalloc byte[4];
        if (!Rune.TryCreate(value, out var rune))
        {
            throw Error(start, "a string's escape is no Unicode character");
        }

        buffer.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
    }
}
