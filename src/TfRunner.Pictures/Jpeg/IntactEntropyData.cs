namespace TfRunner.Pictures.Jpeg;

/// <summary>The data of a scan that must be in order.</summary>
internal sealed unsafe class IntactEntropyData : EntropyData
{
    private readonly NativeBlock block;
    private readonly List<int> ends = [];
    private int part;

    /// <summary>Copies the data out of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Where the data starts.</param>
    public IntactEntropyData(ReadOnlySpan<byte> file, int start)
    {
        block = NativeBlock.Rent((nuint)(file.Length - start + EntropyReader.Padding));
        var to = new Span<byte>(block.Memory, file.Length - start + EntropyReader.Padding);
        var length = 0;
        var at = start;
        while (true)
        {
            length += Unstuff(file, ref at, to[length..]);
            ends.Add(length);
            if (at == file.Length)
            {
                block.Dispose();
                throw new UnusualJpegException("the data is cut off");
            }

            var marker = file[at + 1];
            if (marker is < 0xD0 or > 0xD7)
            {
                break;
            }

            if (marker - 0xD0 != (ends.Count - 1) % 8)
            {
                block.Dispose();
                throw new UnusualJpegException("a restart marker is out of order");
            }

            at += 2;
        }

        End = at;
        to.Slice(length, EntropyReader.Padding).Clear();
    }

    public override int End { get; }

    public override bool IsLastPart => part + 1 == ends.Count;

    private byte* Start => block.Memory + (part == 0 ? 0 : ends[part - 1]);

    public override EntropyReader First() => new() { Next = Start, End = block.Memory + ends[part] };

    public override bool Restart(ref EntropyReader reader)
    {
        CheckEnd(reader);
        if (IsLastPart)
        {
            throw new UnusualJpegException("a restart marker is missing");
        }

        part++;
        reader = First();
        return true;
    }

    public override void CheckEnd(in EntropyReader reader)
    {
        if (reader.Consumed(Start) != reader.End - Start)
        {
            throw new UnusualJpegException("the data is damaged");
        }
    }

    public override void Dispose() => block.Dispose();
}
