namespace TfRunner;

/// <summary>What a SavedModel says about the Keras that wrote it.</summary>
/// <param name="Version">The version, such as <c>2.12.0</c>; null where the model does not say, as exports of Keras 3.</param>
/// <param name="IsKeras3Export">Whether it was written by Keras 3's <c>model.export</c>.</param>
/// <param name="ClassName">The model's class, such as <c>Functional</c>; null where the model does not say.</param>
/// <param name="LayerClasses">The distinct classes of its layers, in ordinal order; empty for exports of Keras 3.</param>
public sealed record KerasInfo(string? Version, bool IsKeras3Export, string? ClassName, IReadOnlyList<string> LayerClasses);
