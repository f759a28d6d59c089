using System.IO.Compression;

namespace TfRunner.Data.Formats.Numpy;

/// <summary>
/// Writes outputs as <c>.npz</c> with one array per output. Rows are kept in a file beside until all are there, since an
/// array's header says how many rows follow; memory stays flat.
/// </summary>
internal sealed class NpzRowSink(AtomicFile file, string path, IReadOnlyList<string> names) : IRowSink
{
    private Column[]? columns;

    public void Write(IReadOnlyList<TensorValue> outputs)
    {
        columns ??= [.. outputs.Select((o, i) => new Column(path, names[i], o))];
        for (var i = 0; i < outputs.Count; i++)
        {
            columns[i].Add(outputs[i]);
        }
    }

    public void WriteCall(IReadOnlyList<TensorValue> outputs) => Write(outputs);

    public void Complete()
    {
        using (var archive = new ZipArchive(file.Stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var column in columns ?? [])
            {
                // A fixed time, so that the same rows give the same file.
                var place = archive.CreateEntry(column.Name + ".npy", CompressionLevel.NoCompression);
                place.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var entry = place.Open();
                column.WriteTo(entry);
            }
        }

        file.Complete();
        CloseColumns();
    }

    public void Dispose()
    {
        CloseColumns();
        file.Dispose();
    }

    private void CloseColumns()
    {
        foreach (var column in columns ?? [])
        {
            column.Dispose();
        }
    }

    /// <summary>The rows of one output so far. Strings are held in memory: their width is known only at the end.</summary>
    private sealed class Column : IDisposable
    {
        private readonly DType dtype;
        private readonly long[]? rowShape;
        private readonly List<TensorValue> strings = [];
        private readonly FileStream? spill;
        private readonly FailureTranslator? target;
        private long rows;

        public Column(string path, string name, TensorValue first)
        {
            Name = name;
            dtype = first.DType;
            rowShape = first.Rank == 0 ? null : first.Dimensions[1..].ToArray();
            if (dtype != DType.String)
            {
                var full = Path.GetFullPath(path);
                spill = new FileStream(
                    Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}.rows"),
                    FileMode.CreateNew,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    1 << 16,
                    FileOptions.DeleteOnClose);
                target = new(spill, path);
            }
        }

        public string Name { get; }

        public void Add(TensorValue tensor)
        {
            if (rowShape is not null && !tensor.Dimensions[1..].SequenceEqual(rowShape))
            {
                throw TfRunnerException.ForData(
                    ErrorCode.InvalidArgument,
                    $"output '{Name}' has rows of shape {TensorShape.Format(tensor.Dimensions[1..])} after rows of {TensorShape.Format(rowShape)}: no array holds both",
                    "write .jsonl");
            }

            rows += rowShape is null ? 1 : tensor.Dimensions[0];
            if (dtype == DType.String)
            {
                strings.Add(tensor.Clone());
            }
            else
            {
                NpyWriter.WriteElements(target!, tensor, 0);
            }
        }

        public void WriteTo(Stream entry)
        {
            long[] dimensions = rowShape is null ? [] : [rows, .. rowShape];
            var width = strings.SelectMany(static t => t.Strings).Select(static s => s.Length).DefaultIfEmpty(0).Max();
            entry.Write(NpyHeader.Format(NpyWriter.Description(dtype, width), dimensions));
            foreach (var tensor in strings)
            {
                NpyWriter.WriteElements(entry, tensor, width);
            }

            if (spill is not null)
            {
                target!.Flush();
                target.Position = 0;
                spill.CopyTo(entry, 1 << 20);
            }
        }

        public void Dispose()
        {
            try
            {
                spill?.Dispose();
            }
            catch (IOException)
            {
                // The disk is full; the file is given up anyway.
            }
        }
    }
}
