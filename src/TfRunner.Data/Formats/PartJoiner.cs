using TfRunner.Data.Formats.Numpy;
using TfRunner.Data.Formats.TfRecord;

namespace TfRunner.Data.Formats;

/// <summary>Joins files whose rows were dealt out in turn: row r is row r / n of part r % n.</summary>
public static class PartJoiner
{
    private const int Quote = '"';

    // Rows in memory at a time, of each part.
    private const int JoinedRows = 256;

    /// <summary>Joins parts.</summary>
    /// <param name="output">The file to write, of any format that is written.</param>
    /// <param name="parts">The parts in order, of the same format.</param>
    /// <param name="failed">Positions of rows that no part holds, since they could not be read; ascending.</param>
    /// <exception cref="TfRunnerException">InvalidArgument when the parts do not fit together.</exception>
    public static void Join(string output, IReadOnlyList<string> parts, IReadOnlyList<long>? failed = null)
    {
        ArgumentNullException.ThrowIfNull(parts);
        OutputFile.Check(output);
        var format = Path.GetExtension(output).ToLowerInvariant();
        if (parts.FirstOrDefault(p => !string.Equals(Path.GetExtension(p), format, StringComparison.OrdinalIgnoreCase)) is { } odd)
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{odd} has another format than {output}");
        }

        var order = Order(parts.Count, failed ?? []);
        switch (format)
        {
            case ".csv":
                JoinRecords(output, parts, order, hasHeader: true);
                break;
            case ".jsonl":
                JoinRecords(output, parts, order, hasHeader: false);
                break;
            case ".tfrecord":
                JoinExamples(output, parts, order);
                break;
            case ".npz":
                JoinArrays(output, parts, order);
                break;
            default:
                JoinColumns(output, parts, order);
                break;
        }
    }

    /// <summary>The part of each row, without end.</summary>
    private static IEnumerable<int> Order(int parts, IReadOnlyList<long> failed)
    {
        var next = 0;
        for (var position = 0L; ; position++)
        {
            if (next < failed.Count && failed[next] == position)
            {
                next++;
                continue;
            }

            yield return (int)(position % parts);
        }
    }

    private static void JoinExamples(string output, IReadOnlyList<string> parts, IEnumerable<int> order)
    {
        using var file = new AtomicFile(output);
        var readers = parts.Select(static p => new RecordReader(File.OpenRead(p), p)).ToList();
        try
        {
            // Not disposed: the file below closes itself when it is complete.
            var target = new BufferedStream(file.Stream, 1 << 16);
            foreach (var part in order)
            {
                if (readers[part].Next() is not { } record)
                {
                    break;
                }

                TfRecordRowSink.WriteRecord(target, record);
            }

            target.Flush();
            file.Complete();
        }
        finally
        {
            readers.ForEach(static r => r.Dispose());
        }
    }

    private static void JoinColumns(string output, IReadOnlyList<string> parts, IEnumerable<int> order)
    {
        var columns = FileColumns.Of(parts[0]);
        if (parts.FirstOrDefault(p => !FileColumns.Of(p).Select(static c => (c.Name, c.DType)).SequenceEqual(columns.Select(static c => (c.Name, c.DType)))) is { } odd
            && !IsEmpty(odd))
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{parts[0]} and {odd} have different columns");
        }

        using var sink = OutputFile.Create(output, [.. columns.Select(static c => c.Name)]);
        var sources = parts.Select(p => new RowCursor(InputFile.OpenRows(p, columns))).ToList();
        try
        {
            var rows = new List<TensorValue[]>();
            foreach (var part in order)
            {
                if (sources[part].Next() is not { } row)
                {
                    break;
                }

                rows.Add(row);
                if (rows.Count == JoinedRows)
                {
                    Write(rows);
                }
            }

            Write(rows);
            sink.Complete();
        }
        finally
        {
            sources.ForEach(static s => s.Dispose());
        }

        void Write(List<TensorValue[]> rows)
        {
            if (rows.Count == 0)
            {
                return;
            }

            var joined = columns.Select((_, i) => TensorRows.Concatenate(rows.ConvertAll(r => r[i]))).ToArray();
            sink.Write(joined);
            Array.ForEach(joined, static t => t.Dispose());
            rows.ForEach(static r => Array.ForEach(r, static t => t.Dispose()));
            rows.Clear();
        }
    }

    // Only a part without rows may not know the types of its columns.
    private static bool IsEmpty(string path)
    {
        using var source = InputFile.OpenRows(path, FileColumns.Of(path));
        return source.Read(1) is null;
    }

    private static void JoinRecords(string output, IReadOnlyList<string> parts, IEnumerable<int> order, bool hasHeader)
    {
        using var file = new AtomicFile(output);
        var streams = parts.Select(static p => (Stream)new BufferedStream(File.OpenRead(p), 1 << 16)).ToList();
        try
        {
            // Not disposed: the file below closes itself when it is complete.
            var target = new BufferedStream(file.Stream, 1 << 16);
            if (hasHeader)
            {
                var headers = streams.ConvertAll(s => Record(s, quoted: true));
                if (headers.Where(static h => h.Length > 0).Any(h => !h.AsSpan().SequenceEqual(headers.First(static f => f.Length > 0))))
                {
                    throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{parts[0]} and the other parts have different columns");
                }

                target.Write(headers.Find(static h => h.Length > 0) ?? []);
            }

            foreach (var part in order)
            {
                if (Record(streams[part], hasHeader) is not { Length: > 0 } record)
                {
                    break;
                }

                target.Write(record);
            }

            target.Flush();
            file.Complete();
        }
        finally
        {
            streams.ForEach(static s => s.Dispose());
        }
    }

    /// <summary>One line with its end; a quoted line end belongs to the record.</summary>
    private static byte[] Record(Stream stream, bool quoted)
    {
        var bytes = new List<byte>();
        var inside = false;
        for (var b = stream.ReadByte(); b >= 0; b = stream.ReadByte())
        {
            bytes.Add((byte)b);
            inside ^= quoted && b == Quote;
            if (b == '\n' && !inside)
            {
                break;
            }
        }

        return [.. bytes];
    }

    private static void JoinArrays(string output, IReadOnlyList<string> parts, IEnumerable<int> order)
    {
        var readers = parts.Select(NpzReader.Open).ToList();
        try
        {
            // A part without rows has no arrays.
            var keys = readers.Select(static r => r.Keys).FirstOrDefault(static k => k.Count > 0)?.ToList() ?? [];
            using var sink = OutputFile.Create(output, keys);
            var joined = keys.ConvertAll(k => Deal(readers.ConvertAll(r => r.Keys.Count == 0 ? null : r.Read(k)), order));
            if (joined.Count > 0)
            {
                sink.Write(joined);
            }

            sink.Complete();
            joined.ForEach(static t => t.Dispose());
        }
        finally
        {
            readers.ForEach(static r => r.Dispose());
        }
    }

    private static TensorValue Deal(List<TensorValue?> parts, IEnumerable<int> order)
    {
        var first = parts.First(static p => p is not null)!;
        var rows = parts.Sum(static p => p?.Dimensions[0] ?? 0);
        var joined = TensorValue.Allocate(first.DType, [rows, .. first.Dimensions[1..]]);
        var taken = new long[parts.Count];
        foreach (var (part, row) in order.Zip(Enumerable.Range(0, checked((int)rows))))
        {
            joined.CopyRows(parts[part]!, taken[part]++, row, 1);
        }

        parts.ForEach(static p => p?.Dispose());
        return joined;
    }

    /// <summary>Gives the rows of a source one by one.</summary>
    private sealed class RowCursor(IRowSource source) : IDisposable
    {
        private TensorValue[]? chunk;
        private long at;

        public TensorValue[]? Next()
        {
            if (chunk is null || at >= chunk[0].Dimensions[0])
            {
                Drop();
                chunk = source.Read(JoinedRows);
                at = 0;
            }

            return chunk?.Select(c => TensorRows.Take(c, at, 1)).ToArray() is { } row && ++at > 0 ? row : null;
        }

        public void Dispose()
        {
            Drop();
            source.Dispose();
        }

        private void Drop() => Array.ForEach(chunk ?? [], static t => t.Dispose());
    }
}
