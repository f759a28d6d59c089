using System.Runtime.InteropServices;
using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>One node of a body: what to execute, from which slots, into which.</summary>
internal sealed unsafe class EagerNode : IDisposable
{
    private readonly EagerOp? template;

    /// <param name="context">The runtime.</param>
    /// <param name="node">The node, complete with default attributes.</param>
    /// <param name="kind">How it is executed.</param>
    /// <param name="inputs">The slots of its data inputs.</param>
    /// <param name="output">The slot of its first output.</param>
    /// <param name="outputCount">How many outputs it has.</param>
    /// <param name="bodies">The functions it enters.</param>
    public EagerNode(ContextHandle context, NodeDef node, OpKind kind, int[] inputs, int output, int outputCount, string[] bodies)
    {
        Name = node.Name;
        Op = node.Op;
        Kind = kind;
        Inputs = inputs;
        Output = output;
        OutputCount = outputCount;
        Bodies = bodies;
        if (kind != OpKind.Plain)
        {
            return;
        }

        NativeName = Marshal.StringToCoTaskMemUTF8(node.Op);
        template = new(context, node.Op);
        var attributes = node.Attr.Where(static a => !a.Key.StartsWith('_')).ToList();

        // Ops with the same attributes share a kernel, and with it the state of a seeded generator; in a graph each node has its own.
        if (node.Attr.ContainsKey("seed") && node.Attr.ContainsKey("seed2"))
        {
            attributes.Add(new("_tfrunner_node", new() { S = Google.Protobuf.ByteString.CopyFromUtf8(node.Name) }));
        }

        foreach (var (attribute, value) in attributes)
        {
            template.Attribute(attribute, value);
        }

        AttributeValues = attributes;
        Attributes = TensorFlowApi.Loaded.TFE_OpGetAttrs(template.Pointer);
    }

    public string Name { get; }

    public string Op { get; }

    public OpKind Kind { get; }

    public int[] Inputs { get; }

    public int Output { get; }

    public int OutputCount { get; }

    public string[] Bodies { get; }

    /// <summary>Slots that nobody reads after this node.</summary>
    public int[] Release { get; set; } = [];

    /// <summary>The op's name for the runtime.</summary>
    public IntPtr NativeName { get; private set; }

    /// <summary>The op's attributes for the runtime.</summary>
    public IntPtr Attributes { get; }

    /// <summary>What <see cref="Attributes"/> holds, for who sets attributes otherwise.</summary>
    public IReadOnlyList<KeyValuePair<string, AttrValue>> AttributeValues { get; } = [];

    /// <summary>The loop that an Enter leads into.</summary>
    public string Frame { get; init; } = string.Empty;

    /// <summary>Whether an Enter's value is the same in every turn.</summary>
    public bool IsLoopConstant { get; init; }

    public void Dispose()
    {
        template?.Dispose();
        Marshal.FreeCoTaskMem(NativeName);
        NativeName = IntPtr.Zero;
    }
}
