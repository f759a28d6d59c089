namespace TfRunner;

/// <summary>Finds what somebody probably meant by a name that does not exist.</summary>
public static class NearestName
{
    private const int MaxLength = 256;
    private const int MaxCandidates = 10_000;

    /// <summary>The nearest existing name by edit distance.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="existing">What exists.</param>
    /// <returns>The nearest, or null when none is near (more than a third of the letters differ).</returns>
    public static string? Find(string name, IEnumerable<string> existing)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(existing);
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var candidate in existing.Take(MaxCandidates))
        {
            if (candidate.Length > MaxLength || name.Length > MaxLength || Math.Abs(candidate.Length - name.Length) >= least)
            {
                continue;
            }

            var distance = Distance(name, candidate);
            if (distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest is not null && least <= Math.Max(1, Math.Max(name.Length, nearest.Length) / 3) ? nearest : null;
    }

    /// <summary>The nearest name as a hint.</summary>
    /// <param name="name">What was asked for.</param>
    /// <param name="existing">What exists.</param>
    /// <returns><c>did you mean 'x'?</c>, or null.</returns>
    public static string? Hint(string name, IEnumerable<string> existing) =>
        Find(name, existing) is { } nearest ? $"did you mean '{nearest}'?" : null;

    // Levenshtein distance with one row, ignoring case.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                var change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + change);
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
