namespace TfRunner.Onnx.Conversion.Layout;

/// <summary>How an operator takes a transposed operand.</summary>
internal enum LayoutKind
{
    /// <summary>It depends on the order of axes.</summary>
    Fixed,

    /// <summary>It computes element by element, with broadcasting.</summary>
    Elementwise,

    /// <summary>It has one axis, as an attribute.</summary>
    Axis,

    /// <summary>It has axes, as an input.</summary>
    Axes,

    /// <summary>It has amounts for all axes.</summary>
    Pad,

    /// <summary>It has a factor for each axis.</summary>
    Resize,

    /// <summary>It gives the elements another shape.</summary>
    Reshape,
}
