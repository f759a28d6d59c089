using TfRunner.Checkpoints;
using TfRunner.SavedModels.Tests.Checkpoints;

namespace TfRunner.SavedModels.Tests.Fuzz;

/// <summary>Damages files: flips, cuts, splices, and for checkpoint indexes also behind checksums that fit again.</summary>
internal static class Mutator
{
    public static byte[] Mutate(Random random, byte[] file, byte[] other, bool isIndex) =>
        isIndex && random.Next(3) > 0 && TryMutateEntries(random, file, out var table) ? table : MutateBytes(random, file, other);

    private static byte[] MutateBytes(Random random, byte[] file, byte[] other)
    {
        var result = (byte[])file.Clone();
        for (var rounds = random.Next(1, 4); rounds > 0; rounds--)
        {
            result = random.Next(6) switch
            {
                0 => Flip(random, result),
                1 => result[..random.Next(result.Length + 1)],
                2 => Cut(random, result),
                3 => Splice(random, result, other),
                4 => Extremes(random, result),
                _ => Flip(random, result),
            };
        }

        return result;
    }

    private static byte[] Flip(Random random, byte[] data)
    {
        for (var count = random.Next(1, 9); count > 0 && data.Length > 0; count--)
        {
            data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
        }

        return data;
    }

    private static byte[] Cut(Random random, byte[] data)
    {
        var start = random.Next(data.Length + 1);
        var end = Math.Min(data.Length, start + random.Next(1, 200));
        return [.. data[..start], .. data[end..]];
    }

    private static byte[] Splice(Random random, byte[] data, byte[] other)
    {
        var at = random.Next(data.Length + 1);
        var from = random.Next(other.Length + 1);
        var length = Math.Min(other.Length - from, random.Next(1, 2000));
        return [.. data[..at], .. other[from..(from + length)], .. data[(random.Next(2) == 0 ? at : Math.Min(data.Length, at + length))..]];
    }

    // Lengths and counts of all kinds become as large as they can be.
    private static byte[] Extremes(Random random, byte[] data)
    {
        var at = random.Next(data.Length + 1);
        for (var i = 0; i < random.Next(1, 10) && at + i < data.Length; i++)
        {
            data[at + i] = 0xff;
        }

        return data;
    }

    private static bool TryMutateEntries(Random random, byte[] file, out byte[] table)
    {
        var entries = new List<(byte[] Key, byte[] Value)>();
        IndexTable.Visit("index", file, (_, key, value) => entries.Add((key.ToArray(), value.ToArray())));
        var chosen = random.Next(entries.Count);
        var donor = entries[random.Next(entries.Count)];
        var (k, v) = entries[chosen];
        entries[chosen] = random.Next(8) == 0 ? (MutateBytes(random, k, donor.Key), v) : (k, MutateBytes(random, v, donor.Value));
        table = IndexTableWriter.Write(entries, random.Next(1, 20), random.Next(1, 60), random.Next(2) == 0);
        return true;
    }
}
