namespace TfRunner.Data.Formats.Csv;

/// <summary>Where records and fields end. A quote counts only at the start of a field; inside, two stand for one (RFC 4180).</summary>
internal static class CsvRecord
{
    private const byte Quote = (byte)'"';

    /// <summary>The end of the record at the start of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="isWhole">Whether a line end was found.</param>
    /// <returns>The bytes up to and with the line end, or all.</returns>
    public static int End(ReadOnlySpan<byte> text, byte delimiter, out bool isWhole)
    {
        var at = 0;
        while (at < text.Length)
        {
            var field = Field(text[at..], delimiter, out _);
            at += field;
            if (at < text.Length && text[at] == '\n')
            {
                isWhole = true;
                return at + 1;
            }

            at++;
        }

        isWhole = false;
        return text.Length;
    }

    /// <summary>The length of the field at the start of a text, quotes and a line end's carriage return included.</summary>
    /// <param name="text">The text.</param>
    /// <param name="delimiter">What separates fields.</param>
    /// <param name="isQuoted">Whether it is in quotes.</param>
    /// <returns>The bytes before the delimiter or line feed, or all.</returns>
    public static int Field(ReadOnlySpan<byte> text, byte delimiter, out bool isQuoted)
    {
        isQuoted = text.Length > 0 && text[0] == Quote;
        var at = 0;
        if (isQuoted)
        {
            at = 1;
            while (true)
            {
                var quote = text[at..].IndexOf(Quote);
                if (quote < 0)
                {
                    return text.Length;
                }

                at += quote + 1;
                if (at >= text.Length || text[at] != Quote)
                {
                    break;
                }

                at++;
            }
        }

        var end = text[at..].IndexOfAny(delimiter, (byte)'\n');
        return end < 0 ? text.Length : at + end;
    }

    /// <summary>A field's bytes without quotes.</summary>
    /// <param name="field">As <see cref="Field"/> measures it.</param>
    /// <param name="isQuoted">Whether it is in quotes.</param>
    /// <param name="scratch">Room for a field whose doubled quotes become single; at least as long as the field.</param>
    /// <param name="isGood">False when text follows the closing quote, or there is none.</param>
    /// <returns>The bytes.</returns>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> field, bool isQuoted, ref byte[] scratch, out bool isGood)
    {
        isGood = true;
        if (!isQuoted)
        {
            return field;
        }

        if (field.Length < 2 || field[^1] != Quote)
        {
            isGood = false;
            return field;
        }

        var inner = field[1..^1];
        if (!inner.Contains(Quote))
        {
            return inner;
        }

        if (scratch.Length < inner.Length)
        {
            scratch = new byte[inner.Length * 2];
        }

        var count = 0;
        for (var i = 0; i < inner.Length; i++)
        {
            scratch[count++] = inner[i];
            if (inner[i] == Quote)
            {
                i++;
                isGood &= i < inner.Length && inner[i] == Quote;
            }
        }

        return scratch.AsSpan(0, count);
    }
}
