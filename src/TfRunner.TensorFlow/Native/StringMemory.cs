using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Native;

/// <summary>
/// The memory of a string tensor: one TF_TString of 24 bytes per element, as tensorflow/c/tf_tstring.h and TSL's ctstring
/// lay it out. Read and written here rather than through TF_String*, because those names moved between libraries and
/// versions while the layout did not. The two low bits of the first byte tell the kind.
/// </summary>
internal static unsafe class StringMemory
{
    public const int ElementSize = 24;
    private const int LongestInline = 22;
    private const int Large = 1;
    private const int Offset = 2;
    private const int View = 3;

    /// <summary>Encodes strings into one block; long ones lie behind the elements.</summary>
    /// <param name="strings">The elements.</param>
    /// <param name="length">The bytes that the tensor itself has; the block can be longer.</param>
    /// <returns>Memory to be freed with <see cref="NativeMemory.AlignedFree"/>.</returns>
    /// <remarks>TensorFlow neither moves nor frees the single strings of memory that it was given, so they may lie in one block.</remarks>
    public static byte* Encode(byte[][] strings, out nuint length)
    {
        length = (nuint)strings.Length * ElementSize;
        var total = length;
        foreach (var s in strings)
        {
            total += s.Length > LongestInline ? (nuint)s.Length + 1 : 0;
        }

        var block = (byte*)NativeMemory.AlignedAlloc(Math.Max(total, 1), TensorValue.Alignment);
        NativeMemory.Clear(block, length);
        var element = block;
        var text = block + length;
        foreach (var s in strings)
        {
            if (s.Length <= LongestInline)
            {
                *element = (byte)(s.Length << 2);
                s.CopyTo(new Span<byte>(element + 1, s.Length));
            }
            else
            {
                ((ulong*)element)[0] = ((ulong)s.Length << 2) | Large;
                ((ulong*)element)[1] = (ulong)s.Length;
                ((byte**)element)[2] = text;
                s.CopyTo(new Span<byte>(text, s.Length));
                text[s.Length] = 0;
                text += s.Length + 1;
            }

            element += ElementSize;
        }

        return block;
    }

    /// <summary>Copies one string out.</summary>
    /// <param name="element">Its 24 bytes.</param>
    /// <returns>The bytes of the string.</returns>
    public static byte[] Decode(byte* element)
    {
        switch (*element & 3)
        {
            case Large:
            case View:
                // A view has its pointer in the second word, a large string, which also has a capacity, in the third.
                var pointer = (*element & 3) == Large ? ((byte**)element)[2] : ((byte**)element)[1];
                return new ReadOnlySpan<byte>(pointer, checked((int)(((ulong*)element)[0] >> 2))).ToArray();
            case Offset:
                return new ReadOnlySpan<byte>(element + ((uint*)element)[1], checked((int)(((uint*)element)[0] >> 2))).ToArray();
            default:
                return new ReadOnlySpan<byte>(element + 1, *element >> 2).ToArray();
        }
    }
}
