using TfRunner.Data.Pipeline;

namespace TfRunner.Data.Formats;

/// <summary>A source with a pipeline of its own, such as decoding, that says what its stages have done.</summary>
public interface IReportingSource
{
    /// <summary>The stages so far; null before the first read and for a source without any.</summary>
    PipelineReport? Report { get; }
}
