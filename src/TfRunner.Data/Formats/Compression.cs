using System.IO.Compression;
using ZstdSharp;

namespace TfRunner.Data.Formats;

/// <summary>Files compressed as a whole with gzip or zstd.</summary>
internal static class Compression
{
    /// <summary>Whether a name says that the file is compressed; gives the name without that.</summary>
    public static bool Strip(ref string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension is not (".gz" or ".zst" or ".zstd"))
        {
            return false;
        }

        path = path[..^extension.Length];
        return true;
    }

    /// <summary>Wraps a stream that starts as gzip or zstd do; gives other streams back as they were.</summary>
    /// <param name="stream">The stream; taken over.</param>
    /// <returns>The plain bytes.</returns>
    public static Stream Open(Stream stream)
    {
        var head = new byte[4];
        var count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        Stream whole;
        if (stream.CanSeek)
        {
            stream.Position = 0;
            whole = stream;
        }
        else
        {
            whole = new PrefixedStream(head.AsMemory(0, count), stream);
        }

        return head switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(whole, CompressionMode.Decompress),
            [0x28, 0xB5, 0x2F, 0xFD] => new DecompressionStream(whole, leaveOpen: false),
            _ => whole,
        };
    }

    /// <summary>A stream that can be read from anywhere: the stream itself, or a copy in a temporary file.</summary>
    public static Stream Seekable(Stream stream)
    {
        if (stream.CanSeek)
        {
            return stream;
        }

        var copy = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose);
        using (stream)
        {
            stream.CopyTo(copy, 1 << 20);
        }

        copy.Position = 0;
        return copy;
    }
}
