using TfRunner.Engines;

namespace TfRunner.TensorFlow.Calls;

/// <summary>One signature in one mode.</summary>
/// <param name="wiring">What is fed and fetched.</param>
/// <param name="runner">The mode; disposed with this.</param>
/// <param name="mode">Its name.</param>
/// <param name="copyInputs">Whether the signature can keep its inputs beyond a call.</param>
internal sealed class PreparedSignature(SignatureWiring wiring, SignatureRunner runner, string mode, bool copyInputs)
    : IPreparedSignature, IProfiledSignature, IAlignedInputs
{
    private readonly CallsInFlight calls = new();

    public SignatureWiring Wiring => wiring;

    public SignatureRunner Runner => runner;

    public bool TakesAligned => !copyInputs;

    public void Run(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        calls.Enter(this);
        if (cancellationToken.CanBeCanceled)
        {
            RunAbandonable(inputs, outputs, cancellationToken);
            return;
        }

        try
        {
            using var call = new SignatureCall(this, inputs, copyInputs, null);
            call.Execute();
            call.Take(inputs, outputs, cancellationToken);
        }
        finally
        {
            calls.Leave();
        }
    }

    public IReadOnlyList<OpTime> Profile(ReadOnlySpan<TensorValue> inputs)
    {
        calls.Enter(this);
        try
        {
            using var call = new SignatureCall(this, inputs, copyInputs, null);
            return call.Profile(mode);
        }
        finally
        {
            calls.Leave();
        }
    }

    public IBoundCall Bind(ReadOnlySpan<TensorValue> inputs, ReadOnlySpan<TensorValue> outputs) =>
        new BoundCall(this, inputs.ToArray(), outputs.ToArray(), copyInputs);

    public void Dispose()
    {
        // Calls that were left early may still be running.
        if (calls.Close())
        {
            runner.Dispose();
        }
    }

    private void RunAbandonable(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        SignatureCall call;
        try
        {
            // A call that may be left early reads copies: the caller may free the inputs when it is told so.
            call = new SignatureCall(this, inputs, copyInputs: true, runner.NewCancellation());
        }
        catch
        {
            calls.Leave();
            throw;
        }

        AbandonableCall.Run(call, calls, cancellationToken);
        try
        {
            using (call)
            {
                call.Take(inputs, outputs, cancellationToken);
            }
        }
        finally
        {
            calls.Leave();
        }
    }
}
