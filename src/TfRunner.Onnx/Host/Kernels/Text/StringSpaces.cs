namespace TfRunner.Onnx.Host.Kernels.Text;

/// <summary>White space as C's isspace knows it.</summary>
internal static class StringSpaces
{
    public static bool IsSpace(byte b) => b is (byte)' ' or >= 9 and <= 13;

    /// <summary>Removes white space at both ends.</summary>
    /// <param name="text">The bytes.</param>
    /// <returns>What is left.</returns>
    public static byte[] Strip(byte[] text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSpace(text[start]))
        {
            start++;
        }

        while (end > start && IsSpace(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }
}
