namespace TfRunner.Files;

/// <summary>Reads small files whole, with errors that name them.</summary>
internal static class WholeFile
{
    /// <summary>Protobuf messages end at 2 GiB, and so does what is read whole.</summary>
    public const long MaxLength = int.MaxValue - 1024;

    /// <summary>Reads a regular file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its contents.</returns>
    /// <exception cref="TfRunnerException">NotFound, PermissionDenied, Unavailable or ResourceExhausted, naming the file.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            var length = RandomAccess.GetLength(handle);
            if (length > MaxLength)
            {
                throw TfRunnerException.ForLoad(
                    ErrorCode.ResourceExhausted,
                    FormattableString.Invariant($"{path} has {length} bytes; a protobuf file ends at 2 GiB"));
            }

            var contents = GC.AllocateUninitializedArray<byte>((int)length);
            var done = 0;
            while (done < contents.Length)
            {
                var read = RandomAccess.Read(handle, contents.AsSpan(done), done);
                if (read == 0)
                {
                    throw FileErrors.Damaged(path, done, "it became shorter while it was read");
                }

                done += read;
            }

            return contents;
        }
        catch (Exception e) when (FileErrors.IsAboutFile(e))
        {
            throw FileErrors.CannotRead(path, e);
        }
    }
}
