using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Cold;

/// <summary>Measures first calls in fresh processes.</summary>
internal interface IColdCalls
{
    /// <summary>Starts a process, which loads the model and calls it.</summary>
    /// <param name="mode">How.</param>
    /// <param name="inputs">With what.</param>
    /// <param name="limit">When the process is ended, and the call counts as failed.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <returns>What it measured.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ColdCall Measure(ModeName mode, ChosenInputs inputs, TimeInterval limit, CancellationToken cancellationToken);
}
