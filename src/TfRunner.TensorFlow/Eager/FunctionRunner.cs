using System.Runtime.InteropServices;
using TfRunner.TensorFlow.Calls;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>The modes <c>function</c> and <c>xla</c>: the signature's function called through the eager runtime.</summary>
internal sealed unsafe class FunctionRunner : SignatureRunner
{
    private const int MostOnStack = 64;
    private readonly EagerModel model;
    private readonly EagerProgram program;
    private readonly int feedCount;
    private readonly int fetchCount;
    private readonly bool compile;
    private readonly IntPtr[] resources;
    private IntPtr name;
    private IntPtr compileAttribute;

    /// <param name="model">The model in the eager runtime.</param>
    /// <param name="wiring">What is fed and fetched.</param>
    /// <param name="compile">Whether XLA must compile the function.</param>
    public FunctionRunner(EagerModel model, SignatureWiring wiring, bool compile)
    {
        this.model = model;
        this.compile = compile;
        program = model.Program(wiring);
        feedCount = wiring.Feeds.Count;
        fetchCount = wiring.Fetches.Count;
        resources = [.. program.Resources.Select(static r => r.Pointer)];
        name = Marshal.StringToCoTaskMemUTF8(program.Function.Signature.Name);
        compileAttribute = Marshal.StringToCoTaskMemUTF8("_XlaMustCompile");
    }

    public override CancellationHandle? NewCancellation() => CancellationHandle.IsSupported ? new CancellationHandle() : null;

    public override void Run(IntPtr* inputs, IntPtr* outputs, StatusHandle status, CancellationHandle? cancellation)
    {
        if (fetchCount == 0)
        {
            return;
        }

        var api = TensorFlowApi.Loaded;
        var code = status.Pointer;
        var op = api.TFE_NewOp(model.Context.Pointer, (byte*)name, code);
        if (op == IntPtr.Zero)
        {
            return;
        }

        var results = stackalloc IntPtr[MostOnStack];
        var large = fetchCount > MostOnStack ? (IntPtr*)NativeMemory.Alloc((nuint)fetchCount, (nuint)sizeof(IntPtr)) : null;
        results = large == null ? results : large;
        try
        {
            if (AddInputs(api, op, inputs, code))
            {
                if (compile)
                {
                    api.TFE_OpSetAttrBool(op, (byte*)compileAttribute, 1);
                }

                if (cancellation is not null)
                {
                    api.TFE_OpSetCancellationManager(op, cancellation.Pointer, code);
                }

                var count = fetchCount;
                api.TFE_Execute(op, results, &count, code);
                if (api.TF_GetCode(code) == 0)
                {
                    Resolve(api, results, outputs, code);
                }
            }
        }
        finally
        {
            api.TFE_DeleteOp(op);
            NativeMemory.Free(large);
        }
    }

    public override void Dispose()
    {
        Marshal.FreeCoTaskMem(name);
        Marshal.FreeCoTaskMem(compileAttribute);
        name = compileAttribute = IntPtr.Zero;
        base.Dispose();
    }

    private bool AddInputs(TensorFlowApi api, IntPtr op, IntPtr* inputs, IntPtr code)
    {
        for (var i = 0; i < feedCount; i++)
        {
            var handle = api.TFE_NewTensorHandle(inputs[i], code);
            if (api.TF_GetCode(code) != 0)
            {
                return false;
            }

            // The op keeps its own reference.
            api.TFE_OpAddInput(op, handle, code);
            api.TFE_DeleteTensorHandle(handle);
            if (api.TF_GetCode(code) != 0)
            {
                return false;
            }
        }

        foreach (var resource in resources)
        {
            api.TFE_OpAddInput(op, resource, code);
            if (api.TF_GetCode(code) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private void Resolve(TensorFlowApi api, IntPtr* results, IntPtr* outputs, IntPtr code)
    {
        var ok = true;
        for (var i = 0; i < fetchCount; i++)
        {
            if (ok)
            {
                outputs[i] = api.TFE_TensorHandleResolve(results[i], code);
                ok = api.TF_GetCode(code) == 0;
            }

            api.TFE_DeleteTensorHandle(results[i]);
        }

        for (var i = 0; !ok && i < fetchCount; i++)
        {
            if (outputs[i] != IntPtr.Zero)
            {
                api.TF_DeleteTensor(outputs[i]);
                outputs[i] = IntPtr.Zero;
            }
        }
    }
}
