using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Data.Formats;

/// <summary>Joins files whose rows were dealt out in turn: row r is row r / n of part r % n.</summary>
public static class PartJoiner
{
    private const int Quote = '"';

    /// <summary>Joins parts.</summary>
    /// <param name="output">The file to write: <c>.csv</c>, <c>.jsonl</c> or <c>.npz</c>.</param>
    /// <param name="parts">The parts in order, of the same format.</param>
    /// <exception cref="TfRunnerException">Unimplemented for other formats; InvalidArgument when the parts do not fit together.</exception>
    public static void Join(string output, IReadOnlyList<string> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var format = Path.GetExtension(output).ToLowerInvariant();
        if (parts.FirstOrDefault(p => !string.Equals(Path.GetExtension(p), format, StringComparison.OrdinalIgnoreCase)) is { } odd)
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{odd} has another format than {output}");
        }

        switch (format)
        {
            case ".csv":
                JoinRecords(output, parts, hasHeader: true);
                break;
            case ".jsonl":
                JoinRecords(output, parts, hasHeader: false);
                break;
            case ".npz":
                JoinArrays(output, parts);
                break;
            default:
                throw TfRunnerException.ForData(ErrorCode.Unimplemented, $"parts ending in '{format}' are not joined", "write parts as .csv, .jsonl or .npz");
        }
    }

    private static void JoinRecords(string output, IReadOnlyList<string> parts, bool hasHeader)
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
                if (headers.Exists(h => h.Length > 0 && !h.AsSpan().SequenceEqual(headers[0])))
                {
                    throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{parts[0]} and the other parts have different columns");
                }

                target.Write(headers[0]);
            }

            for (var i = 0; Record(streams[i], hasHeader) is { Length: > 0 } record; i = (i + 1) % streams.Count)
            {
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

    private static void JoinArrays(string output, IReadOnlyList<string> parts)
    {
        var readers = parts.Select(NpzReader.Open).ToList();
        try
        {
            var keys = readers[0].Keys.ToList();
            using var sink = OutputFile.Create(output, keys);
            var joined = keys.ConvertAll(k => Deal(readers.ConvertAll(r => r.Read(k))));
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

    private static TensorValue Deal(List<TensorValue> parts)
    {
        var rows = parts.Sum(static p => p.Dimensions[0]);
        var joined = TensorValue.Allocate(parts[0].DType, [rows, .. parts[0].Dimensions[1..]]);
        for (var row = 0L; row < rows; row++)
        {
            joined.CopyRows(parts[(int)(row % parts.Count)], row / parts.Count, row, 1);
        }

        parts.ForEach(static p => p.Dispose());
        return joined;
    }
}
