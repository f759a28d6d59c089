using System.Collections;

namespace TfRunner.Data.Pipeline;

/// <summary>Estimates how much memory an element holds.</summary>
internal static class ElementBytes
{
    // An object with a few fields.
    private const long Small = 64;

    public static long Of<T>(T element)
    {
        switch (element)
        {
            case IMeasured measured:
                return measured.ByteLength;
            case TensorValue { IsString: true } strings:
                var bytes = Small;
                foreach (var s in strings.Strings)
                {
                    bytes += s.Length + 32;
                }

                return bytes;
            case TensorValue tensor:
                return tensor.ByteLength + Small;
            case string text:
                return (text.Length * 2L) + 32;
            case Array array when array.GetType().GetElementType()!.IsPrimitive:
                return Buffer.ByteLength(array);
            case ICollection { Count: > 0 } items:
                var first = items.GetEnumerator();
                return first.MoveNext() ? (Of(first.Current) * items.Count) + Small : Small;
            default:
                return Small;
        }
    }
}
