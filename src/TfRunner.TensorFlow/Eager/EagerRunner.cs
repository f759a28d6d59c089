using System.Diagnostics;
using TfRunner.Engines;
using TfRunner.TensorFlow.Calls;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>The mode <c>eager</c>: each op of the signature executed on its own, function bodies entered.</summary>
internal sealed unsafe class EagerRunner : SignatureRunner
{
    private readonly EagerModel model;
    private readonly EagerProgram program;
    private readonly EagerBody body;
    private readonly int feedCount;
    private readonly int fetchCount;
    private readonly bool keepsForStep;
    private readonly IOpDispatcher? dispatcher;

    /// <param name="model">The model in the eager runtime.</param>
    /// <param name="wiring">What is fed and fetched.</param>
    /// <param name="keepsForStep">Whether ops pass things on that live for one step, such as tensor arrays.</param>
    /// <param name="dispatcher">What executes single ops; null for the C API itself.</param>
    public EagerRunner(EagerModel model, SignatureWiring wiring, bool keepsForStep, IOpDispatcher? dispatcher = null)
    {
        this.dispatcher = dispatcher;
        this.model = model;
        this.keepsForStep = keepsForStep;
        program = model.Program(wiring);
        body = model.Bodies.Get(program.Function);
        feedCount = wiring.Feeds.Count;
        fetchCount = wiring.Fetches.Count;
    }

    public override CancellationHandle? NewCancellation() => CancellationHandle.IsSupported ? new CancellationHandle() : null;

    public override void Run(IntPtr* inputs, IntPtr* outputs, StatusHandle status, CancellationHandle? cancellation) =>
        Run(inputs, outputs, status, cancellation, null);

    public override IReadOnlyList<OpTime>? Profile(IntPtr* inputs, IntPtr* outputs, StatusHandle status)
    {
        var times = new List<OpTime>();
        Run(inputs, outputs, status, null, times);
        return times;
    }

    private void Run(IntPtr* inputs, IntPtr* outputs, StatusHandle status, CancellationHandle? cancellation, List<OpTime>? times)
    {
        if (fetchCount == 0)
        {
            return;
        }

        var api = TensorFlowApi.Loaded;
        var name = stackalloc byte[5] { (byte)'N', (byte)'o', (byte)'O', (byte)'p', 0 };
        var call = new EagerCall
        {
            Api = api,
            Bodies = model.Bodies,
            Op = api.TFE_NewOp(model.Context.Pointer, name, status.Pointer),
            Status = status.Pointer,
            Failure = status,
            Cancellation = cancellation,
            Times = times,
            Dispatcher = dispatcher,
            Started = Stopwatch.GetTimestamp(),
        };
        if (!call.IsOk)
        {
            return;
        }

        if (keepsForStep)
        {
            api.TFE_ContextStartStep(model.Context.Pointer);
        }

        var arguments = stackalloc IntPtr[feedCount + program.Resources.Count + 1];
        new Span<IntPtr>(arguments, feedCount).Clear();
        var results = stackalloc IntPtr[fetchCount];
        new Span<IntPtr>(results, fetchCount).Clear();
        try
        {
            for (var i = 0; i < feedCount && call.IsOk; i++)
            {
                arguments[i] = api.TFE_NewTensorHandle(inputs[i], status.Pointer);
            }

            for (var i = 0; i < program.Resources.Count; i++)
            {
                arguments[feedCount + i] = program.Resources[i].Pointer;
            }

            if (call.IsOk && EagerExecutor.Run(call, body, arguments, results))
            {
                for (var i = 0; i < fetchCount && call.IsOk; i++)
                {
                    outputs[i] = api.TFE_TensorHandleResolve(results[i], status.Pointer);
                }
            }
        }
        finally
        {
            for (var i = 0; i < feedCount; i++)
            {
                Delete(api, arguments[i]);
            }

            for (var i = 0; i < fetchCount; i++)
            {
                Delete(api, results[i]);
            }

            api.TFE_DeleteOp(call.Op);
            if (keepsForStep)
            {
                api.TFE_ContextEndStep(model.Context.Pointer);
            }
        }
    }

    private static void Delete(TensorFlowApi api, IntPtr handle)
    {
        if (handle != IntPtr.Zero)
        {
            api.TFE_DeleteTensorHandle(handle);
        }
    }
}
