namespace TfRunner.Measurement;

/// <summary>Why sampling ended.</summary>
internal enum SamplingEnd
{
    /// <summary>Every interval is as narrow as asked.</summary>
    Precise,

    /// <summary>Time was up first.</summary>
    OutOfTime,

    /// <summary>The user ended it.</summary>
    Cancelled,
}
