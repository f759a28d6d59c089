using CsCheck;
using System.Runtime.InteropServices;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Tests;

public sealed unsafe class StringMemoryTests
{
    [Fact]
    public void Strings_of_any_length_come_back() =>
        Gen.Byte.Array[0, 60].Array[0, 8].Sample(static strings =>
        {
            var block = StringMemory.Encode(strings, out var length);
            try
            {
                Assert.Equal((nuint)strings.Length * StringMemory.ElementSize, length);
                Assert.All(strings, (s, i) => Assert.Equal(s, StringMemory.Decode(block + (i * StringMemory.ElementSize))));
            }
            finally
            {
                NativeMemory.AlignedFree(block);
            }
        });
}
