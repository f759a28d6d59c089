using TfRunner.Onnx.Host.Kernels;
using TfRunner.Onnx.Host.Kernels.Decoding;
using TfRunner.Onnx.Host.Kernels.Examples;
using TfRunner.Onnx.Host.Kernels.Lists;
using TfRunner.Onnx.Host.Kernels.Pictures;
using TfRunner.Onnx.Host.Kernels.Random;
using TfRunner.Onnx.Host.Kernels.Sparse;
using TfRunner.Onnx.Host.Kernels.Text;

namespace TfRunner.Onnx.Host;

/// <summary>The host kernels by TensorFlow op. They compute constants when a model is converted, and what ONNX cannot say when it runs.</summary>
internal sealed class HostRegistry
{
    private readonly Dictionary<string, HostKernel> kernels = new(StringComparer.Ordinal);

    private HostRegistry()
    {
        IHostKernelFamily[] families =
        [
            new ElementaryKernels(),
            new ArithmeticKernels(),
            new ComplexKernels(),
            new OrderKernels(),
            new RankKernels(),
            new ContractionKernels(),
            new LinearAlgebraKernels(),
            new MatrixFunctionKernels(),
            new DiagonalKernels(),
            new FourierKernels(),
            new SegmentKernels(),
            new ScatterKernels(),
            new BlockKernels(),
            new ProjectionKernels(),
            new QuantizedKernels(),
            new ProbabilityKernels(),
            new WindowKernels(),
            new WindowGradientKernels(),
            new SparseKernels(),
            new SparseCrossKernels(),
            new SetKernels(),
            new CtcKernels(),
            new RandomKernels(),
            new PictureKernels(),
            new ColourKernels(),
            new ResizeKernels(),
            new BoxKernels(),
            new ShapeKernels(),
            new MovementKernels(),
            new ReductionKernels(),
            new CountingKernels(),
            new TableKernels(),
            new AssertKernels(),
            new ClockKernels(),
            new ParseExampleKernels(),
            new SequenceExampleKernels(),
            new RecordKernels(),
            new SoundKernels(),
            new TensorListKernels(),
            new RaggedVariantKernels(),
            new TextKernels(),
            new StringPartKernels(),
            new TextConversionKernels(),
            new RegexKernels(),
            new RaggedKernels(),
        ];
        foreach (var family in families)
        {
            family.Register(this);
        }
    }

    /// <summary>All kernels.</summary>
    public static HostRegistry Default { get; } = new();

    /// <summary>The ops that have a kernel.</summary>
    public IReadOnlyCollection<string> Ops => kernels.Keys;

    /// <summary>Registers a kernel; a later family's takes the place of an earlier one's.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="ops">The TensorFlow ops it computes.</param>
    public void Add(HostKernel kernel, params ReadOnlySpan<string> ops)
    {
        foreach (var op in ops)
        {
            kernels[op] = kernel;
        }
    }

    /// <summary>Finds a kernel.</summary>
    /// <param name="op">The TensorFlow op.</param>
    /// <returns>The kernel, or null.</returns>
    public HostKernel? Find(string op) => kernels.GetValueOrDefault(op);
}
