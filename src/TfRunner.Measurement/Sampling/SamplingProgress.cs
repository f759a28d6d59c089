namespace TfRunner.Measurement;

/// <summary>How far sampling is.</summary>
/// <param name="Stage">What is being done, such as <c>warming up tensorflow:graph</c>.</param>
/// <param name="Rounds">Whole rounds so far.</param>
/// <param name="Precision">The widest half interval at the last look; infinite before the first.</param>
/// <param name="Elapsed">Time used.</param>
/// <param name="Left">Time left at most.</param>
internal readonly record struct SamplingProgress(string Stage, int Rounds, double Precision, TimeInterval Elapsed, TimeInterval Left);
