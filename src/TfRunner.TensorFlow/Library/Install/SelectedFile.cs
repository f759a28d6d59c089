namespace TfRunner.TensorFlow.Library.Install;

/// <summary>A file of a package that is installed.</summary>
/// <param name="Name">What it is called once installed.</param>
/// <param name="Parts">Where its bytes come from, in order; more than one when packages carry it in fragments.</param>
/// <param name="ExpectedSha256">What the package says its checksum is, in upper-case hexadecimal; null where it says nothing.</param>
internal sealed record SelectedFile(string Name, IReadOnlyList<PackageEntry> Parts, string? ExpectedSha256 = null)
{
    public long Length => Parts.Sum(static p => p.Length);
}
