namespace TfRunner.TensorFlow.Library.Install;

/// <summary>A file of an installed version.</summary>
/// <param name="Name">Its name in the version's folder.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its checksum, in lower-case hexadecimal.</param>
internal sealed record InstalledFile(string Name, long Length, string Sha256);
