namespace TfRunner.TensorFlow.Library;

/// <summary>One place where the library may be.</summary>
/// <param name="Source">Why the place is looked at, such as <c>TFRUNNER_TENSORFLOW</c>.</param>
/// <param name="Directory">The folder.</param>
/// <param name="File">The library's file when one was named or found; null when there is none.</param>
/// <param name="Framework">The framework library beside it; null when there is none, as in builds of one file.</param>
/// <param name="IsExplicit">Whether the user named the place, so that no other is taken instead.</param>
internal sealed record LibraryPlace(string Source, string Directory, string? File, string? Framework, bool IsExplicit);
