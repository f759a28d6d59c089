namespace TfRunner.Data.Pipeline;

/// <summary>Consecutive elements that go through the next stage together.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="Items">The elements, in order; repeated ones at the end when the batch was padded.</param>
/// <param name="Count">How many of <paramref name="Items"/> are real, at least 1.</param>
public sealed record ElementBatch<T>(IReadOnlyList<T> Items, int Count);
