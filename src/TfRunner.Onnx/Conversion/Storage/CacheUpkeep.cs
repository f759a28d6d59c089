namespace TfRunner.Onnx.Conversion.Storage;

/// <summary>
/// Keeps the cache's folder small: entries that were not used for longest go first, and what a process that was killed left
/// half written goes after an hour. Processes may do this at the same time; an entry is renamed before it is removed, so that
/// none sees half of it, and whoever finds it gone converts anew.
/// </summary>
internal sealed class CacheUpkeep
{
    /// <summary>What marks folders that are no entries: being written, damaged, on the way out.</summary>
    private static readonly string[] Passing = [".tmp", ".broken", ".out"];

    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    private const string UsedFile = "used";

    private readonly string folder;
    private readonly long limit;
    private readonly TimeProvider time;

    /// <summary>Makes the upkeep of a cache.</summary>
    /// <param name="folder">The cache's folder.</param>
    /// <param name="limit">The size in bytes that entries may have together; one entry may be larger alone.</param>
    /// <param name="time">The clock.</param>
    public CacheUpkeep(string folder, long limit, TimeProvider time)
    {
        this.folder = folder;
        this.limit = limit;
        this.time = time;
    }

    /// <summary>Notes that an entry is used now.</summary>
    /// <param name="entry">The entry's folder.</param>
    public void MarkUsed(string entry)
    {
        try
        {
            var file = Path.Combine(entry, UsedFile);
            if (!File.Exists(file))
            {
                File.Create(file).Dispose();
            }

            File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that can only be read has no upkeep.
        }
    }

    /// <summary>Removes what is too much.</summary>
    /// <param name="kept">The entry that stays in any case.</param>
    public void Trim(string kept)
    {
        try
        {
            var entries = new List<(string Path, DateTime Used, long Bytes)>();
            foreach (var path in Directory.GetDirectories(folder))
            {
                if (Array.Exists(Passing, p => path.EndsWith(p, StringComparison.Ordinal)))
                {
                    Sweep(path);
                }
                else
                {
                    entries.Add((path, LastUse(path), Size(path)));
                }
            }

            var total = entries.Sum(static e => e.Bytes);
            foreach (var (path, _, bytes) in entries.Where(e => e.Path != kept).OrderBy(static e => e.Used))
            {
                if (total <= limit)
                {
                    return;
                }

                Remove(path);
                total -= bytes;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process is at it.
        }
    }

    private static DateTime LastUse(string entry)
    {
        var marked = Path.Combine(entry, UsedFile);
        return File.Exists(marked) ? File.GetLastWriteTimeUtc(marked) : Directory.GetLastWriteTimeUtc(entry);
    }

    private static long Size(string entry) => new DirectoryInfo(entry).EnumerateFiles().Sum(static f => f.Length);

    private static void Remove(string entry)
    {
        try
        {
            var leaving = $"{entry}.{Guid.NewGuid():N}.out";
            Directory.Move(entry, leaving);
            Directory.Delete(leaving, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows keeps files that are mapped; another process may have removed it.
        }
    }

    private void Sweep(string path)
    {
        try
        {
            if (time.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(path) > Abandoned)
            {
                Directory.Delete(path, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Still mapped, or gone.
        }
    }
}
