using System.Security.Cryptography;
using System.Text;
using TfRunner.Onnx.Conversion.Programs;

namespace TfRunner.Onnx.Conversion.Storage;

/// <summary>
/// Converted signatures on disk, by a hash of the model's content. The checkpoint's index has a checksum of every tensor, so
/// that it stands for the shards. A program is written beside and renamed when whole: processes that start together may each
/// write, and the first wins. The folder is kept below a size (see <see cref="CacheUpkeep"/>).
/// </summary>
internal sealed class ConversionCache
{
    private readonly string folder;
    private readonly CacheUpkeep upkeep;

    private ConversionCache(string folder, long limit, TimeProvider time)
    {
        this.folder = folder;
        upkeep = new(folder, limit, time);
    }

    /// <summary>Opens a cache.</summary>
    /// <param name="directory">The folder; null takes the user's cache directory, an empty string keeps none.</param>
    /// <param name="limit">The size in bytes that all programs in it may have together.</param>
    /// <param name="time">The clock by which programs age; null takes the system's.</param>
    /// <returns>The cache; null without one.</returns>
    public static ConversionCache? Open(string? directory, long limit, TimeProvider? time = null)
    {
        var folder = directory ?? DefaultDirectory();
        if (folder.Length == 0)
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(folder);
            return new(folder, limit, time ?? TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return directory is null ? null : throw new TfRunnerException(
                ErrorCode.PermissionDenied, ErrorStage.Usage, $"the cache directory {folder} cannot be made: {e.Message}", null, e);
        }
    }

    /// <summary>The key of a conversion.</summary>
    /// <param name="model">The model.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="options">How it is converted.</param>
    /// <returns>A name for a folder.</returns>
    public static string Key(SavedModel model, Signature signature, ConversionOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // Another build of the converter may convert the same model to something else.
        var about = string.Join('\n', typeof(ConversionCache).Assembly.ManifestModule.ModuleVersionId.ToString("N"), signature.Name, string.Join(',', model.Tags), options.ToString());
        hash.AppendData(Encoding.UTF8.GetBytes(about));
        hash.AppendData(File.ReadAllBytes(model.File));
        var index = Path.Combine(model.Directory, "variables", "variables.index");
        if (File.Exists(index))
        {
            hash.AppendData(File.ReadAllBytes(index));
        }

        foreach (var asset in model.MetaGraph.AssetFileDef)
        {
            var path = Path.Combine(model.Directory, "assets", asset.Filename);
            if (File.Exists(path))
            {
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
            }
        }

        // Tables keep what they were filled with, but file ops keep paths: a model that moved is another one.
        hash.AppendData(Encoding.UTF8.GetBytes(model.MetaGraph.AssetFileDef.Count > 0 ? model.Directory : string.Empty));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 20));
    }

    /// <summary>Finds a program.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The program; null where there is none that is whole.</returns>
    public ConvertedProgram? Find(string key)
    {
        var entry = Path.Combine(folder, key);
        var found = ProgramStore.Read(entry);
        if (found is not null)
        {
            upkeep.MarkUsed(entry);
        }

        return found;
    }

    /// <summary>Keeps a program.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="program">The program.</param>
    /// <param name="options">How it was converted.</param>
    /// <returns>The program as kept; null where the disk does not take it.</returns>
    public ConvertedProgram? Add(string key, ConvertedProgram program, ConversionOptions options)
    {
        var target = Path.Combine(folder, key);
        var beside = Path.Combine(folder, $"{key}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(beside);
            ProgramStore.Write(program, beside, options.Opset);
            try
            {
                Replace(beside, target);
            }
            catch (IOException) when (Directory.Exists(target))
            {
                // Another process was first, with the same content.
            }

            upkeep.MarkUsed(target);
            upkeep.Trim(target);
            return ProgramStore.Read(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            Discard(beside);
        }
    }

    private static void Discard(string beside)
    {
        try
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Swept later.
        }
    }

    private static void Replace(string beside, string target)
    {
        // What is there but was not found whole is damaged.
        if (Directory.Exists(target) && ProgramStore.Read(target) is null)
        {
            var broken = beside + ".broken";
            Directory.Move(target, broken);
            Directory.Delete(broken, recursive: true);
        }

        Directory.Move(beside, target);
    }

    private static string DefaultDirectory()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given ? given
            : Path.Combine(home, ".cache");
        return Path.IsPathRooted(cache) ? Path.Combine(cache, "tfrunner", "onnx") : string.Empty;
    }
}
