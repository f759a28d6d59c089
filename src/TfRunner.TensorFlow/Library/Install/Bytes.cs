using System.Globalization;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>Byte counts for people.</summary>
internal static class Bytes
{
    /// <summary>Such as <c>853 MB</c>; a megabyte is a million bytes, as on a disk's label.</summary>
    public static string Text(long bytes) => bytes < 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB");
}
