namespace TfRunner.Checkpoints;

/// <summary>Base-128 integers, least significant group first.</summary>
internal static class Varint
{
    /// <summary>Reads one.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="position">Where it starts; moved past it.</param>
    /// <param name="value">The value.</param>
    /// <returns>False when the bytes end first, or it does not fit 64 bits.</returns>
    public static bool TryRead(ReadOnlySpan<byte> data, ref int position, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (position >= data.Length)
            {
                return false;
            }

            var b = data[position++];
            if (shift == 63 && b > 1)
            {
                return false;
            }

            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
