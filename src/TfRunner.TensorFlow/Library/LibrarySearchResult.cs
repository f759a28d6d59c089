using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Library;

/// <summary>How a search for the library ended.</summary>
/// <param name="Api">The opened library; null when none fits.</param>
/// <param name="Version">Its version.</param>
/// <param name="File">Its file.</param>
/// <param name="Problem">Why there is none, in one line.</param>
/// <param name="Notes">What was tried and found, in order.</param>
internal sealed record LibrarySearchResult(TensorFlowApi? Api, string? Version, string? File, string? Problem, IReadOnlyList<string> Notes);
