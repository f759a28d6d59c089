namespace TfRunner.Pictures.Jpeg;

/// <summary>A scan's entropy-coded data without its stuffed bytes, in the parts that restart markers make.</summary>
internal abstract class EntropyData : IDisposable
{
    /// <summary>Where the data ends in the file.</summary>
    public abstract int End { get; }

    /// <summary>Whether no part is left.</summary>
    public abstract bool IsLastPart { get; }

    /// <summary>Opens a scan's data.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Where the data starts.</param>
    /// <param name="tolerance">What is made of damage.</param>
    public static EntropyData Open(byte[] file, int start, DamageTolerance tolerance) =>
        tolerance == DamageTolerance.None ? new IntactEntropyData(file, start) : new DamagedEntropyData(file, start, tolerance == DamageTolerance.CutOff);

    /// <summary>A reader of the first part.</summary>
    public abstract EntropyReader First();

    /// <summary>Goes on to the next part.</summary>
    /// <param name="reader">The reader of this part; receives that of the next.</param>
    /// <returns>Whether there is anything in it.</returns>
    public abstract bool Restart(ref EntropyReader reader);

    /// <summary>Checks that a reader has taken its part, no more and no less.</summary>
    public abstract void CheckEnd(in EntropyReader reader);

    public abstract void Dispose();

    /// <summary>Copies data up to the next marker, stuffed bytes left out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="at">Where the data starts; receives where the marker stands, or the file's length.</param>
    /// <param name="to">Receives the data.</param>
    /// <returns>How much there is.</returns>
    protected static int Unstuff(ReadOnlySpan<byte> file, ref int at, Span<byte> to)
    {
        var length = 0;
        while (true)
        {
            var run = file[at..].IndexOf((byte)0xFF);
            if (run < 0)
            {
                file[at..].CopyTo(to[length..]);
                length += file.Length - at;
                at = file.Length;
                return length;
            }

            file.Slice(at, run).CopyTo(to[length..]);
            length += run;
            at += run + 1;
            if (at == file.Length)
            {
                return length;
            }

            if (file[at] == 0)
            {
                to[length++] = 0xFF;
                at++;
            }
            else if (file[at] != 0xFF)
            {
                at--;
                return length;
            }
        }
    }
}
