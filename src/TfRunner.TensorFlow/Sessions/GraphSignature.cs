using System.Runtime.InteropServices;
using TfRunner.Engines;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>One signature called with TF_SessionRun.</summary>
internal sealed unsafe class GraphSignature : IPreparedSignature
{
    private readonly SessionModel model;
    private readonly bool copyInputs;
    private readonly CallsInFlight calls = new();
    private readonly int[] fetchOf;
    private readonly int[] feedOf;
    private NativeOutput* feeds;
    private NativeOutput* fetches;

    /// <param name="model">The session.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="copyInputs">Whether the signature can keep its inputs beyond a call.</param>
    public GraphSignature(SessionModel model, Signature signature, bool copyInputs)
    {
        this.model = model;
        this.copyInputs = copyInputs;
        Signature = signature;

        // TensorFlow refuses to fetch a tensor that is fed, and to be fed one twice.
        var inputs = signature.Inputs.Select(i => i.TensorName).ToList();
        feedOf = [.. signature.Outputs.Select(o => inputs.IndexOf(o.TensorName))];
        if (inputs.Distinct(StringComparer.Ordinal).Count() != inputs.Count)
        {
            throw TfRunnerException.ForLoad(ErrorCode.InvalidArgument, $"two inputs of signature '{signature.Name}' are the same tensor");
        }

        var fetched = signature.Outputs.Where((_, i) => feedOf[i] < 0).ToList();
        fetchOf = [.. signature.Outputs.Select((o, i) => feedOf[i] < 0 ? fetched.IndexOf(o) : -1)];
        FetchCount = fetched.Count;
        var feedOutputs = signature.Inputs.Select(i => model.Output(i, signature)).ToArray();
        var fetchOutputs = fetched.Select(o => model.Output(o, signature)).ToArray();
        feeds = Keep(feedOutputs);
        fetches = Keep(fetchOutputs);
    }

    public Signature Signature { get; }

    /// <summary>How many tensors a call fetches: outputs that are inputs are not.</summary>
    public int FetchCount { get; }

    /// <summary>Which fetched tensor an output is; -1 when it is an input.</summary>
    public ReadOnlySpan<int> FetchOf => fetchOf;

    /// <summary>Which input an output is; -1 when it is fetched.</summary>
    public ReadOnlySpan<int> FeedOf => feedOf;

    public void Run(ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        calls.Enter(this);
        var mine = true;
        try
        {
            if (cancellationToken.CanBeCanceled)
            {
                // A call that may be left early reads copies: the caller may free the inputs when it is told so.
                var call = new GraphCall(this, inputs, copy: true);
                mine = false;
                AbandonableCall.Run(call, calls, cancellationToken);
                mine = true;
                Finish(call, inputs, outputs, cancellationToken);
            }
            else
            {
                var call = new GraphCall(this, inputs, copyInputs);
                call.Execute();
                Finish(call, inputs, outputs, cancellationToken);
            }
        }
        finally
        {
            if (mine)
            {
                calls.Leave();
            }
        }
    }

    public IBoundCall Bind(ReadOnlySpan<TensorValue> inputs, ReadOnlySpan<TensorValue> outputs) =>
        new BoundGraphCall(this, inputs.ToArray(), outputs.ToArray(), copyInputs);

    /// <summary>Runs the session once.</summary>
    public void Run(IntPtr* inputs, IntPtr* outputs, StatusHandle status, IntPtr runOptions = 0, IntPtr runMetadata = 0) =>
        TensorFlowApi.Loaded.TF_SessionRun(
            model.Session.Pointer, runOptions, feeds, inputs, Signature.Inputs.Count, fetches, outputs, FetchCount, null, 0, runMetadata, status.Pointer);

    public void Dispose()
    {
        // Calls that were left early may still be running.
        if (calls.Close())
        {
            NativeMemory.Free(feeds);
            NativeMemory.Free(fetches);
            feeds = fetches = null;
        }
    }

    private static void Finish(GraphCall call, ReadOnlySpan<TensorValue> inputs, Span<TensorValue> outputs, CancellationToken cancellationToken)
    {
        using (call)
        {
            call.Take(inputs, outputs, cancellationToken);
        }
    }

    private static NativeOutput* Keep(NativeOutput[] outputs)
    {
        var memory = (NativeOutput*)NativeMemory.Alloc((nuint)Math.Max(outputs.Length, 1), (nuint)sizeof(NativeOutput));
        outputs.CopyTo(new Span<NativeOutput>(memory, outputs.Length));
        return memory;
    }
}
