namespace TfRunner.Cli.Prediction;

/// <summary>What becomes of rows that cannot be read.</summary>
internal enum RowErrorPolicy
{
    /// <summary>The first one ends the run.</summary>
    Stop,

    /// <summary>They are left out and counted.</summary>
    Skip,

    /// <summary>They are left out, counted, and noted with reason and position in a file.</summary>
    Quarantine,
}
