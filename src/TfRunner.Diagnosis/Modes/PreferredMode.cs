namespace TfRunner.Diagnosis.Modes;

/// <summary>The mode that others are compared with where none is named.</summary>
internal static class PreferredMode
{
    /// <summary>The one that most people mean by calling the model; null of none.</summary>
    public static ModeName? Of(IEnumerable<ModeName> modes) =>
        modes.OrderBy(static m => (m.Engine, m.Mode) switch
        {
            ("tensorflow", "graph") => 0,
            ("tensorflow", "function") => 1,
            ("onnx", "compiled") => 2,
            ("onnx", "graph") => 3,
            (_, "eager") => 4,
            _ => 5,
        }).FirstOrDefault();
}
