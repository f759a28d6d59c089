using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Resizing of pictures [batch, height, width, channels]. Bicubic, area and antialiased forms run on the host.</summary>
internal sealed class ResizeOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // Output pixel i reads at: (i + 0.5) * scale - 0.5 with half_pixel_centers; i * (in - 1) / (out - 1) with align_corners;
        // i * scale otherwise. Nearest takes floor((i + 0.5) * scale), round(i * ...), floor(i * scale). ONNX: Resize-19.
        registry.Add(static op => Resize(op, op.Builder.Cast(op.Input(0), DType.Float32), "linear", "floor"), "ResizeBilinear");
        registry.Add(
            static op => Resize(op, op.Input(0), "nearest", op.Attributes.Bool("half_pixel_centers") || op.Attributes.Bool("align_corners") ? "round_prefer_ceil" : "floor"),
            "ResizeNearestNeighbor");
    }

    private static void Resize(OperatorContext op, OnnxValue images, string mode, string nearest)
    {
        var coordinates = op.Attributes.Bool("half_pixel_centers") ? "half_pixel" : op.Attributes.Bool("align_corners") ? "align_corners" : "asymmetric";
        var x = op.Builder.Transpose(images, 0, 3, 1, 2);
        var sizes = op.Builder.Cast(op.Input(1), DType.Int64);
        var all = op.Builder.Concat(0, op.Builder.Slice(op.Builder.ShapeOf(x), [0], [2], [0]), sizes);
        var y = op.Emit(
            "Resize", [x, null, null, all], ("mode", mode), ("coordinate_transformation_mode", coordinates), ("nearest_mode", nearest));
        op.Output(op.Builder.Transpose(y, 0, 2, 3, 1));
    }
}
