using TfRunner.Engines;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Sessions;

namespace TfRunner.TensorFlow;

/// <summary>A model on the tensorflow engine. Each mode loads what it needs when the first signature is prepared in it.</summary>
internal sealed class TensorFlowModel(SavedModel savedModel, EngineOptions options) : ILoadedModel
{
    private readonly Lock gate = new();
    private readonly SignatureReach reach = new(savedModel.MetaGraph.GraphDef ?? new());
    private SessionModel? session;
    private bool disposed;

    public IReadOnlyList<string> Obstacles(Signature signature, string mode) => [.. Find(signature).Select(static o => o.Message)];

    public IPreparedSignature Prepare(Signature signature, string mode)
    {
        if (Find(signature) is [var first, ..])
        {
            throw TfRunnerException.ForLoad(ErrorCode.Unimplemented, $"signature '{signature.Name}' of {savedModel.Directory} cannot run: {first.Message}", first.Hint);
        }

        return new GraphSignature(Session(), signature, InputRetention.KeepsInputs(reach.All(signature), OpCatalog.Current));
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            session?.Dispose();
            session = null;
        }
    }

    private IReadOnlyList<Obstacle> Find(Signature signature) => new SignatureObstacles(reach, OpCatalog.Current).Find(signature, wholeGraph: true);

    private SessionModel Session()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return session ??= SessionModel.Load(savedModel, options, null);
        }
    }
}
