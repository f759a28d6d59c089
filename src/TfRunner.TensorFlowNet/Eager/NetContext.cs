using Tensorflow.Contexts;
using Tensorflow.Eager;

namespace TfRunner.TensorFlowNet.Eager;

/// <summary>An eager context of TensorFlow.NET for one model, with what executes ops in it.</summary>
internal sealed class NetContext : IDisposable
{
    private readonly SafeContextHandle handle;

    public NetContext()
    {
        handle = new Context();
        Dispatcher = new(handle);
    }

    public IntPtr Pointer => handle.DangerousGetHandle();

    public NetOpDispatcher Dispatcher { get; }

    public void Dispose()
    {
        Dispatcher.Dispose();
        handle.Dispose();
    }
}
