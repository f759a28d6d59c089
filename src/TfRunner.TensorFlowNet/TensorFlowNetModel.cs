using TfRunner.Engines;
using TfRunner.TensorFlow;
using TfRunner.TensorFlow.Calls;
using TfRunner.TensorFlow.Eager;
using TfRunner.TensorFlow.Native;
using TfRunner.TensorFlow.Sessions;
using TfRunner.TensorFlowNet.Eager;
using TfRunner.TensorFlowNet.Sessions;

namespace TfRunner.TensorFlowNet;

/// <summary>
/// A model that is called through TensorFlow.NET. What TensorFlow.NET lacks is the tensorflow engine's: signatures by name,
/// any tags, exports of Keras 3, sparse restoring, and the way from functions to ops.
/// </summary>
internal sealed class TensorFlowNetModel(SavedModel savedModel, EngineOptions options) : TensorFlowModel(savedModel, options)
{
    private NetContext? context;

    protected override SignatureRunner NewGraphRunner(SessionModel loaded, SignatureWiring wiring) => new NetSessionRunner(loaded, wiring);

    protected override SignatureRunner NewEagerRunner(EagerModel model, SignatureWiring wiring, bool keepsForStep) =>
        new EagerRunner(model, wiring, keepsForStep, context!.Dispatcher);

    protected override ContextHandle NewContext()
    {
        if (Options is { IntraOpThreads: not 0 } or { InterOpThreads: not 0 } or { Device: not null and not "cpu" } or { GpuMemoryGrowth: true })
        {
            throw new TfRunnerException(
                ErrorCode.Unimplemented,
                ErrorStage.Usage,
                "the eager context of TensorFlow.NET takes no threads and no device",
                "leave them out, or use --engine tensorflow --mode eager");
        }

        context = new();
        return ContextHandle.OwnedBy(context.Pointer, context);
    }
}
