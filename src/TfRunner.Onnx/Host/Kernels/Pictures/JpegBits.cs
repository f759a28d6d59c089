namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>The bits of a JPEG scan: stuffed zero bytes left out, zeros after a marker.</summary>
internal sealed class JpegBits(byte[] data, int start)
{
    private int at = start;
    private ulong held;
    private int count;

    /// <summary>Whether bits were asked for beyond the end of the file's data.</summary>
    public bool IsBeyondEnd { get; private set; }

    /// <summary>Where the scan's bytes go on; a marker's 0xFF when one was met.</summary>
    public int Position => at;

    public int Peek16()
    {
        Fill();
        return (int)(held >> (count - 16)) & 0xFFFF;
    }

    public void Take(int bits)
    {
        Fill();
        count -= bits;
    }

    public int Read(int bits)
    {
        if (bits == 0)
        {
            return 0;
        }

        Fill();
        count -= bits;
        return (int)(held >> count) & ((1 << bits) - 1);
    }

    /// <summary>A number of some bits, of which the lower half is negative (T.81, F.2.2.1).</summary>
    public int ReadSigned(int bits)
    {
        var value = Read(bits);
        return bits > 0 && value < 1 << (bits - 1) ? value - (1 << bits) + 1 : value;
    }

    /// <summary>Drops the rest of the byte and the restart marker that follows.</summary>
    public void Restart()
    {
        (held, count) = (0, 0);
        while (at + 1 < data.Length && !(data[at] == 0xFF && data[at + 1] is not (0 or 0xFF)))
        {
            at++;
        }

        if (at + 1 < data.Length && data[at + 1] is >= 0xD0 and <= 0xD7)
        {
            at += 2;
        }
    }

    private void Fill()
    {
        while (count <= 48)
        {
            var next = 0;
            if (at < data.Length && !(data[at] == 0xFF && (at + 1 >= data.Length || data[at + 1] != 0)))
            {
                next = data[at];
                at += next == 0xFF ? 2 : 1;
            }
            else
            {
                IsBeyondEnd |= at >= data.Length;
            }

            held = (held << 8) | (uint)next;
            count += 8;
        }
    }
}
