using System.Runtime.InteropServices;
using Google.Protobuf;
using TfRunner.Engines;
using TfRunner.TensorFlow.Calls;
using TfRunner.TensorFlow.Native;
using TfRunner.TensorFlow.Native.Protos;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>The mode <c>graph</c>: TF_SessionRun on the loaded graph, which knows no cancelling.</summary>
internal sealed unsafe class GraphRunner : SignatureRunner
{
    private readonly SessionModel model;
    private readonly int feedCount;
    private readonly int fetchCount;
    private NativeOutput* feeds;
    private NativeOutput* fetches;

    public GraphRunner(SessionModel model, SignatureWiring wiring)
    {
        this.model = model;
        model.Prepare(wiring);
        feedCount = wiring.Feeds.Count;
        fetchCount = wiring.Fetches.Count;
        var fed = wiring.Feeds.Select(f => model.Output(f, wiring.Signature)).ToArray();
        var fetched = wiring.Fetches.Select(f => model.Output(f, wiring.Signature)).ToArray();
        feeds = Keep(fed);
        fetches = Keep(fetched);
    }

    public override void Run(IntPtr* inputs, IntPtr* outputs, StatusHandle status, CancellationHandle? cancellation) =>
        Run(inputs, outputs, status, IntPtr.Zero, IntPtr.Zero);

    /// <summary>Runs once, traced.</summary>
    /// <param name="inputs">One TF_Tensor per feed.</param>
    /// <param name="outputs">Receives one TF_Tensor per fetch.</param>
    /// <param name="status">Receives the result.</param>
    /// <param name="runOptions">A TF_Buffer with serialized RunOptions, or zero.</param>
    /// <param name="runMetadata">A TF_Buffer to fill with serialized RunMetadata, or zero.</param>
    public void Run(IntPtr* inputs, IntPtr* outputs, StatusHandle status, IntPtr runOptions, IntPtr runMetadata)
    {
        // A session wants at least one fetch; a signature without outputs computes nothing.
        if (fetchCount > 0)
        {
            TensorFlowApi.Loaded.TF_SessionRun(
                model.Session.Pointer, runOptions, feeds, inputs, feedCount, fetches, outputs, fetchCount, null, 0, runMetadata, status.Pointer);
        }
    }

    public override IReadOnlyList<OpTime> Profile(IntPtr* inputs, IntPtr* outputs, StatusHandle status)
    {
        using var options = BufferHandle.Of(new RunOptions { TraceLevel = RunOptions.Types.TraceLevel.SoftwareTrace }.ToByteArray());
        using var metadata = new BufferHandle();
        Run(inputs, outputs, status, options.Pointer, metadata.Pointer);
        return status.IsOk ? StepTimes.Read(RunMetadata.Parser.ParseFrom(metadata.Bytes)) : [];
    }

    public override void Dispose()
    {
        NativeMemory.Free(feeds);
        NativeMemory.Free(fetches);
        feeds = fetches = null;
        base.Dispose();
    }

    private static NativeOutput* Keep(NativeOutput[] outputs)
    {
        var memory = (NativeOutput*)NativeMemory.Alloc((nuint)Math.Max(outputs.Length, 1), (nuint)sizeof(NativeOutput));
        outputs.CopyTo(new Span<NativeOutput>(memory, outputs.Length));
        return memory;
    }
}
