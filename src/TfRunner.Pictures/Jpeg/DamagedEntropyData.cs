namespace TfRunner.Pictures.Jpeg;

/// <summary>
/// The data of a scan that may be damaged, read as libjpeg reads it: zeros follow a part that is too short, and what restart
/// markers are there decides where to go on. Source: libjpeg's documentation of jpeg_resync_to_restart.
/// </summary>
internal sealed unsafe class DamagedEntropyData : EntropyData
{
    private const byte FirstRestart = 0xD0;
    private const byte EndOfImage = 0xD9;

    // What is smaller is no marker in use.
    private const byte FirstMarker = 0xC0;

    private readonly byte[] file;
    private readonly bool takesCutOff;
    private readonly NativeBlock block;
    private int at;
    private int restarts;

    /// <summary>Opens the data.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">Where the data starts.</param>
    /// <param name="takesCutOff">Whether the file may end in it.</param>
    public DamagedEntropyData(byte[] file, int start, bool takesCutOff)
    {
        (this.file, this.takesCutOff, at) = (file, takesCutOff, start);
        block = NativeBlock.Rent((nuint)(file.Length - start + EntropyReader.Padding));
    }

    /// <summary>Where the marker stands that ended the part read last.</summary>
    public override int End => at;

    public override bool IsLastPart => true;

    // A file that is cut off ends as if it said so.
    private byte Marker => at < file.Length ? file[at + 1] : EndOfImage;

    public override EntropyReader First() => Reader(Pass());

    public override bool Restart(ref EntropyReader reader)
    {
        var wanted = restarts++ % 8;
        while (true)
        {
            var marker = Marker;
            var isRestart = marker is >= FirstRestart and <= FirstRestart + 7;
            var ahead = (marker - FirstRestart - wanted) & 7;
            if (isRestart ? ahead is 1 or 2 : marker >= FirstMarker)
            {
                // What should come here is lost; the marker is one of a later part, or the end.
                reader = Reader(0);
                return false;
            }

            at += 2;
            var length = Pass();
            if (isRestart && ahead is not (6 or 7))
            {
                reader = Reader(length);
                return true;
            }
        }
    }

    public override void CheckEnd(in EntropyReader reader)
    {
        // Whatever was read is taken.
    }

    public override void Dispose() => block.Dispose();

    private int Pass()
    {
        var length = Unstuff(file, ref at, new(block.Memory, file.Length - at));
        return at < file.Length || takesCutOff ? length : throw new UnusualJpegException("the data is cut off");
    }

    private EntropyReader Reader(int length)
    {
        new Span<byte>(block.Memory + length, EntropyReader.Padding).Clear();
        return new() { Next = block.Memory, End = block.Memory + length, GoesOn = true };
    }
}
