using Tensorflow;
using Tensorflow.NumPy;
using TfRunner.TensorFlow.Calls;
using TfRunner.TensorFlow.Native;
using TfRunner.TensorFlow.Sessions;
using TfRunner.TensorFlowNet.Library;

namespace TfRunner.TensorFlowNet.Sessions;

/// <summary>
/// The mode <c>graph</c>: <c>Session.run</c> of TensorFlow.NET. A result that its NDArray would damage or refuse (strings
/// that are no UTF-8, 16-bit floats, complex and quantised numbers) is fetched through its import of TF_SessionRun instead.
/// </summary>
internal sealed unsafe class NetSessionRunner : SignatureRunner
{
    private readonly LoadedGraph graph;
    private readonly SafeSessionHandle handle;
    private readonly ThreadLocal<Session> sessions;
    private readonly Tensor[] feeds;
    private readonly Tensor[] fetches;
    private readonly TF_Output[] fed;
    private readonly TF_Output[] fetched;
    private readonly bool usesArrays;

    /// <param name="model">The loaded model; outlives this.</param>
    /// <param name="wiring">What is fed and fetched.</param>
    public NetSessionRunner(SessionModel model, SignatureWiring wiring)
    {
        model.Prepare(wiring);
        graph = new(model.Graph);
        handle = BorrowedHandle.Of(new SafeSessionHandle(model.Session.Pointer));

        // A session keeps the status of the thread that made it, so each thread has its own over the same handle.
        sessions = new(() => new Session(handle, graph));
        feeds = [.. wiring.Feeds.Select(f => graph.Find(model.Output(f, wiring.Signature)))];
        fetches = [.. wiring.Fetches.Select(f => graph.Find(model.Output(f, wiring.Signature)))];
        fed = Array.ConvertAll(feeds, static f => f._as_tf_output());
        fetched = Array.ConvertAll(fetches, static f => f._as_tf_output());
        usesArrays = wiring.Fetches.All(static f => HasArrays(f.DType)) && feeds.All(static f => (int)f.dtype < 100);
    }

    public override void Run(IntPtr* inputs, IntPtr* outputs, StatusHandle status, CancellationHandle? cancellation)
    {
        // A session wants at least one fetch; a signature without outputs computes nothing.
        if (fetches.Length == 0)
        {
            return;
        }

        try
        {
            if (usesArrays)
            {
                RunSession(inputs, outputs);
            }
            else
            {
                RunImport(inputs, outputs, status);
            }
        }
        catch (Exception e) when (e is not (OutOfMemoryException or TfRunnerException))
        {
            NetFailure.Put(status, e);
        }
    }

    public override void Dispose()
    {
        sessions.Dispose();
        base.Dispose();
    }

    /// <summary>The dtypes whose elements TensorFlow.NET's NDArray knows the size of.</summary>
    private static bool HasArrays(DType dtype) => dtype is DType.Bool or DType.Float32 or DType.Float64 || dtype.IsInteger();

    private void RunSession(IntPtr* inputs, IntPtr* outputs)
    {
        var items = new FeedItem[feeds.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new(feeds[i], Borrow(inputs[i]));
        }

        var session = sessions.Value!;
        if (fetches.Length == 1)
        {
            outputs[0] = Take(session.run(fetches[0], items));
            return;
        }

        // A list of fetches is looked up in the thread's default graph.
        ops.set_default_graph(graph);
        NDArray[] results;
        try
        {
            results = session.run(fetches, items);
        }
        finally
        {
            ops.pop_graph();
        }

        for (var i = 0; i < results.Length; i++)
        {
            outputs[i] = Take(results[i]);
        }
    }

    private void RunImport(IntPtr* inputs, IntPtr* outputs, StatusHandle status)
    {
        var values = new ReadOnlySpan<IntPtr>(inputs, fed.Length).ToArray();
        var results = new IntPtr[fetched.Length];
        var own = Binding.tf.Status;
        c_api.TF_SessionRun(handle, null, fed, values, fed.Length, fetched, results, results.Length, [], 0, IntPtr.Zero, own);
        if (NetFailure.Put(status, own))
        {
            results.CopyTo(new Span<IntPtr>(outputs, results.Length));
        }
    }

    /// <summary>A tensor that stays the caller's.</summary>
    private static Tensor Borrow(IntPtr tensor) => new(BorrowedHandle.Of(new SafeTensorHandle(tensor)));

    /// <summary>Takes the native tensor out of an array, which is of no use from then on.</summary>
    private static IntPtr Take(NDArray array)
    {
        array.EagerTensorHandle?.Dispose();
        var tensor = array.Handle.DangerousGetHandle();
        array.Handle.SetHandleAsInvalid();
        return tensor;
    }
}
