namespace TfRunner.Pictures.Jpeg;

/// <summary>Huffman tables made lately: most files of a collection share theirs.</summary>
internal static class HuffmanTables
{
    private const int MostKept = 16;
    private static readonly Lock Gate = new();
    private static readonly List<(byte[] Definition, HuffmanTable Table)> Kept = [];

    /// <summary>The table of a definition.</summary>
    /// <param name="definition">16 counts of codes by length, then the symbols.</param>
    public static HuffmanTable Get(ReadOnlySpan<byte> definition)
    {
        lock (Gate)
        {
            foreach (var (known, table) in Kept)
            {
                if (definition.SequenceEqual(known))
                {
                    return table;
                }
            }
        }

        var made = new HuffmanTable(definition[..16], definition[16..]);
        lock (Gate)
        {
            if (Kept.Count == MostKept)
            {
                Kept.RemoveAt(0);
            }

            Kept.Add((definition.ToArray(), made));
        }

        return made;
    }
}
