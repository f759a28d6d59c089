namespace TfRunner.TensorFlow.Analysis;

/// <summary>One thing that keeps a signature from running.</summary>
/// <param name="Op">The op.</param>
/// <param name="Message">What is wrong, naming op and place.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record Obstacle(string Op, string Message, string Hint);
