using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>The ops that the loaded library and its op libraries know.</summary>
internal sealed class OpCatalog
{
    private static readonly Lock Gate = new();
    private static OpCatalog? current;
    private readonly Dictionary<string, OpDef> ops;

    private OpCatalog(Dictionary<string, OpDef> ops) => this.ops = ops;

    /// <summary>The ops of this process; read when first asked for, and anew after an op library was loaded.</summary>
    public static OpCatalog Current
    {
        get
        {
            lock (Gate)
            {
                return current ??= Read();
            }
        }
    }

    public bool Knows(string op) => ops.ContainsKey(op);

    /// <summary>An op's definition; null when it is not known.</summary>
    public OpDef? Find(string op) => ops.GetValueOrDefault(op);

    public static void Forget()
    {
        lock (Gate)
        {
            current = null;
        }
    }

    private static unsafe OpCatalog Read()
    {
        using var buffer = BufferHandle.Own(TensorFlowApi.Loaded.TF_GetAllOpList());
        var ops = new Dictionary<string, OpDef>(StringComparer.Ordinal);
        foreach (var op in OpList.Parser.ParseFrom(buffer.Bytes).Op)
        {
            ops[op.Name] = op;
        }

        return new(ops);
    }
}
