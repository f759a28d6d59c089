namespace TfRunner.Diagnosis.Modes;

/// <summary>The call that is measured: a predictor, its inputs, and what becomes of its outputs.</summary>
/// <param name="predictor">The predictor; the caller's.</param>
/// <param name="inputs">The inputs; the caller's.</param>
/// <param name="cancellationToken">Ends a call early. Leaving it out makes short calls a little cheaper.</param>
internal sealed class ModeCall(Predictor predictor, TensorValue[] inputs, CancellationToken cancellationToken)
{
    /// <summary>One call; its outputs are freed at once.</summary>
    public void Run()
    {
        foreach (var output in predictor.Predict(inputs, cancellationToken))
        {
            output.Dispose();
        }
    }
}
