namespace TfRunner.Data.Pipeline.Stages;

/// <summary>Elements of a whole run, kept in a file: each preceded by a byte 1, the last followed by a byte 0.</summary>
internal static class FileCache
{
    public static async IAsyncEnumerable<Element<T>> Open<T>(Dataset<T> source, string path, Action<BinaryWriter, T> write, Func<BinaryReader, T> read, PipelineRun run)
    {
        if (File.Exists(path))
        {
            foreach (var element in Read(path, read, run.AddStage("cache")))
            {
                yield return element;
            }

            yield break;
        }

        var partial = path + ".partial";
        var whole = true;
        try
        {
            var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
            await using (stream.ConfigureAwait(false))
            {
                using var writer = new BinaryWriter(stream);
                await foreach (var element in source.Open(run).WithCancellation(run.Token).ConfigureAwait(false))
                {
                    if (element.Error is null)
                    {
                        writer.Write((byte)1);
                        write(writer, element.Value);
                    }
                    else
                    {
                        whole = false;
                    }

                    yield return element;
                }

                writer.Write((byte)0);
            }

            if (whole)
            {
                File.Move(partial, path, overwrite: true);
            }
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static IEnumerable<Element<T>> Read<T>(string path, Func<BinaryReader, T> read, StageCounters counters)
    {
        using var reader = new BinaryReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16));
        while (true)
        {
            Element<T> element;
            try
            {
                if (reader.ReadByte() == 0)
                {
                    yield break;
                }

                element = new(read(reader));
            }
            catch (Exception e) when (e is IOException or FormatException)
            {
                counters.CountError();
                element = Element<T>.Failed(TfRunnerException.ForData(ErrorCode.DataLoss, $"the cache {path} is damaged", "delete it; it is made anew", e));
            }

            counters.CountElement();
            yield return element;
            if (element.Error is not null)
            {
                yield break;
            }
        }
    }
}
