using NetVips;

namespace TfRunner.Pictures;

/// <summary>Calls libvips: with our settings, and with its failures told as ours.</summary>
internal static class Libvips
{
    private static readonly Lazy<bool> Settings = new(static () =>
    {
        // Pictures are decoded side by side; threads inside one would only hand it about.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;

        // What it warns of comes as an error, which names the file.
        _ = Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, static (_, _, _) => { });
        return true;
    });

    /// <summary>Runs calls of libvips.</summary>
    /// <typeparam name="T">What they give.</typeparam>
    /// <param name="source">What errors name.</param>
    /// <param name="run">The calls.</param>
    /// <returns>What they gave.</returns>
    /// <exception cref="TfRunnerException">The picture is damaged, or libvips is not there (Unavailable).</exception>
    public static T Run<T>(PictureSource source, Func<T> run)
    {
        try
        {
            _ = Settings.Value;
            return run();
        }
        catch (VipsException e)
        {
            throw source.Error(source.Damaged, ": " + Reason(e), "the file is damaged or cut off", e);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException)
        {
            throw source.Error(
                ErrorCode.Unavailable,
                $": pictures cannot be decoded: {e.GetBaseException().Message}",
                "libvips comes with TfRunner for Linux, macOS and Windows; on other systems install libvips 8.18 or later",
                e);
        }
    }

    private static string Reason(VipsException e)
    {
        var lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        // The first line is a call's name.
        return lines.Length > 1 ? lines[1] : "the picture cannot be decoded";
    }
}
