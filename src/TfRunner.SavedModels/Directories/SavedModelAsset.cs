namespace TfRunner;

/// <summary>A file that the graph reads when it is initialised, such as a vocabulary.</summary>
/// <param name="TensorName">The graph's string tensor that receives the path, such as <c>asset_path:0</c>; empty where the file names none.</param>
/// <param name="Path">The file, absolute; it may be missing.</param>
public sealed record SavedModelAsset(string TensorName, string Path);
