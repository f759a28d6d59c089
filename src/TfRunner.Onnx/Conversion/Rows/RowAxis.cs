namespace TfRunner.Onnx.Conversion.Rows;

/// <summary>Where a value has the rows of the batch: the axis has <paramref name="Factor"/> elements per row, row after row.</summary>
/// <param name="Axis">From 0.</param>
/// <param name="Factor">At least 1.</param>
internal readonly record struct RowAxis(int Axis, long Factor);
