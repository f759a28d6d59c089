using System.Buffers.Binary;

namespace TfRunner.Pictures.Jpeg;

/// <summary>Finds the orientation in Exif data. Source: Exif 2.3, tag 274 of the first directory of TIFF 6.0.</summary>
internal static class ExifOrientation
{
    private const int Tag = 274;
    private const int Short = 3;

    /// <summary>Reads the orientation.</summary>
    /// <param name="tiff">Exif data, from its TIFF header on.</param>
    /// <returns>1 to 8; 1 where none is said.</returns>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
        {
            return 1;
        }

        var little = tiff[0] == (byte)'I';
        var at = Number(tiff[4..], little);
        if (at < 8 || at > (uint)tiff.Length - 2)
        {
            return 1;
        }

        var entries = tiff[((int)at + 2)..];
        for (var count = Half(tiff[(int)at..], little); count > 0 && entries.Length >= 12; count--, entries = entries[12..])
        {
            if (Half(entries, little) == Tag)
            {
                return Half(entries[2..], little) == Short && Half(entries[8..], little) is >= 1 and <= 8 and var orientation ? orientation : 1;
            }
        }

        return 1;
    }

    private static int Half(ReadOnlySpan<byte> from, bool little) => little ? BinaryPrimitives.ReadUInt16LittleEndian(from) : BinaryPrimitives.ReadUInt16BigEndian(from);

    private static uint Number(ReadOnlySpan<byte> from, bool little) => little ? BinaryPrimitives.ReadUInt32LittleEndian(from) : BinaryPrimitives.ReadUInt32BigEndian(from);
}
