using Google.Protobuf;
using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Native.Protos;

namespace TfRunner.TensorFlow.Native;

/// <summary>TFE_Context: the eager runtime with its devices, resources and functions. May be used from many threads.</summary>
internal sealed unsafe class ContextHandle : NativeHandle
{
    private readonly IDisposable? owner;

    public ContextHandle(ConfigProto config)
        : base(Create(config))
    {
    }

    private ContextHandle(IntPtr pointer, IDisposable owner)
        : base(pointer)
    {
        this.owner = owner;
    }

    /// <summary>A context that another binding has made.</summary>
    /// <param name="pointer">The context.</param>
    /// <param name="owner">What deletes it; disposed instead of deleting it here.</param>
    public static ContextHandle OwnedBy(IntPtr pointer, IDisposable owner) => new(pointer, owner);

    /// <summary>Makes a function known.</summary>
    /// <exception cref="TfRunnerException">The runtime refuses it.</exception>
    public void Add(FunctionDef function)
    {
        using var status = new StatusHandle();
        var bytes = function.ToByteArray();
        fixed (byte* data = bytes)
        {
            TensorFlowApi.Loaded.TFE_ContextAddFunctionDef(Pointer, data, (nuint)bytes.Length, status.Pointer);
        }

        status.ThrowIfError(ErrorStage.Load, $"function '{function.Signature.Name}' was refused");
    }

    protected override void Delete(IntPtr pointer)
    {
        if (owner is not null)
        {
            owner.Dispose();
            return;
        }

        TensorFlowApi.Loaded.TFE_DeleteContext(pointer);
    }

    private static IntPtr Create(ConfigProto config)
    {
        var api = TensorFlowApi.Loaded;
        using var status = new StatusHandle();
        var options = api.TFE_NewContextOptions();
        try
        {
            var bytes = config.ToByteArray();
            fixed (byte* data = bytes)
            {
                api.TFE_ContextOptionsSetConfig(options, data, (nuint)bytes.Length, status.Pointer);
            }

            status.ThrowIfError(ErrorStage.Engine, "the options of the eager runtime were refused");
            var context = api.TFE_NewContext(options, status.Pointer);
            status.ThrowIfError(ErrorStage.Engine, "the eager runtime cannot be started");
            return context;
        }
        finally
        {
            api.TFE_DeleteContextOptions(options);
        }
    }
}
