namespace TfRunner.Engines;

/// <summary>One op's run within one profiled call.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Op">The op's type, such as <c>MatMul</c>; empty where the engine does not say.</param>
/// <param name="StartNanoseconds">When it began, from the first op's begin.</param>
/// <param name="DurationNanoseconds">How long it computed.</param>
/// <param name="Thread">The thread that ran it, by the engine's own number; 0 where it does not say.</param>
/// <param name="Device">Where it ran, such as <c>CPU:0</c>.</param>
public sealed record OpTime(string Name, string Op, long StartNanoseconds, long DurationNanoseconds, long Thread, string Device);
