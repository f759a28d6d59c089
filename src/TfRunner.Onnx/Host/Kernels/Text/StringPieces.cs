namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>Splits and joins byte strings.</summary>
internal static class StringPieces
{
    /// <summary>Splits nearly as Python's str.split does; where the limit is reached at white space, what follows is a piece even when it is empty.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="separator">The separator; empty splits at runs of white space.</param>
    /// <param name="limit">The most splits; 0 or less for no limit.</param>
    /// <returns>The pieces.</returns>
    public static List<byte[]> Split(byte[] text, byte[] separator, long limit)
    {
        return separator.Length == 0 ? SplitSpaces(text, limit) : SplitAt(text, separator, limit);
    }

    /// <summary>Splits at any of some bytes.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="delimiters">The bytes to split at; none splits everywhere.</param>
    /// <param name="skipsEmpty">Whether empty pieces are dropped.</param>
    /// <returns>The pieces.</returns>
    public static IEnumerable<byte[]> SplitAny(byte[] text, byte[] delimiters, bool skipsEmpty)
    {
        if (delimiters.Length == 0)
        {
            return text.Select(static b => (byte[])[b]);
        }

        var pieces = new List<byte[]>();
        var start = 0;
        for (var i = 0; i <= text.Length && text.Length > 0; i++)
        {
            if (i == text.Length || delimiters.Contains(text[i]))
            {
                if (i > start || !skipsEmpty)
                {
                    pieces.Add(text[start..i]);
                }

                start = i + 1;
            }
        }

        return pieces;
    }

    public static byte[] Join(IEnumerable<byte[]> pieces, byte[] separator)
    {
        var joined = new List<byte>();
        var isFirst = true;
        foreach (var piece in pieces)
        {
            if (!isFirst)
            {
                joined.AddRange(separator);
            }

            joined.AddRange(piece);
            isFirst = false;
        }

        return [.. joined];
    }

    private static List<byte[]> SplitSpaces(byte[] text, long limit)
    {
        var pieces = new List<byte[]>();
        var i = AfterSpaces(text, 0);
        while (i < text.Length)
        {
            var start = i;
            while (i < text.Length && !StringSpaces.IsSpace(text[i]))
            {
                i++;
            }

            pieces.Add(text[start..i]);
            i = AfterSpaces(text, i);
            if (limit > 0 && pieces.Count == limit)
            {
                pieces.Add(text[i..]);
                break;
            }
        }

        return pieces;
    }

    private static int AfterSpaces(byte[] text, int at)
    {
        while (at < text.Length && StringSpaces.IsSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static List<byte[]> SplitAt(byte[] text, byte[] separator, long limit)
    {
        var pieces = new List<byte[]>();
        var start = 0;
        while (limit <= 0 || pieces.Count < limit)
        {
            var at = text.AsSpan(start).IndexOf(separator);
            if (at < 0)
            {
                break;
            }

            pieces.Add(text[start..(start + at)]);
            start += at + separator.Length;
        }

        pieces.Add(text[start..]);
        return pieces;
    }
}
