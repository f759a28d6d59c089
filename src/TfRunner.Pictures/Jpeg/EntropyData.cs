namespace TfRunner.Pictures.Jpeg;

/// <summary>A scan's entropy-coded data without its stuffed bytes, in the parts that restart markers make.</summary>
internal sealed unsafe class EntropyData : IDisposable
{
    private readonly NativeBlock block;
    private readonly List<int> ends = [];

    /// <summary>Copies the data out of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Where the data starts.</param>
    public EntropyData(ReadOnlySpan<byte> file, int start)
    {
        block = NativeBlock.Rent((nuint)(file.Length - start + EntropyReader.Padding));
        var to = new Span<byte>(block.Memory, file.Length - start + EntropyReader.Padding);
        var length = 0;
        var at = start;
        while (true)
        {
            var run = file[at..].IndexOf((byte)0xFF);
            if (run < 0 || at + run + 1 >= file.Length)
            {
                block.Dispose();
                throw new UnusualJpegException("the data is cut off");
            }

            file.Slice(at, run).CopyTo(to[length..]);
            length += run;
            at += run + 1;
            var next = file[at];
            if (next == 0)
            {
                to[length++] = 0xFF;
                at++;
            }
            else if (next is >= 0xD0 and <= 0xD7)
            {
                if (next - 0xD0 != ends.Count % 8)
                {
                    block.Dispose();
                    throw new UnusualJpegException("a restart marker is out of order");
                }

                ends.Add(length);
                at++;
            }
            else if (next != 0xFF)
            {
                End = at - 1;
                break;
            }
        }

        ends.Add(length);
        to.Slice(length, EntropyReader.Padding).Clear();
    }

    /// <summary>Where the data ends in the file.</summary>
    public int End { get; }

    /// <summary>The parts between restart markers.</summary>
    public int Parts => ends.Count;

    /// <summary>A reader of one part.</summary>
    public EntropyReader Open(int part) => part < ends.Count
        ? new() { Next = Start(part), End = block.Memory + ends[part] }
        : throw new UnusualJpegException("a restart marker is missing");

    /// <summary>Checks that a reader has taken a part, no more and no less.</summary>
    public void CheckEnd(in EntropyReader reader, int part)
    {
        if (reader.Consumed(Start(part)) != reader.End - Start(part))
        {
            throw new UnusualJpegException("the data is damaged");
        }
    }

    public void Dispose() => block.Dispose();

    private byte* Start(int part) => block.Memory + (part == 0 ? 0 : ends[part - 1]);
}
