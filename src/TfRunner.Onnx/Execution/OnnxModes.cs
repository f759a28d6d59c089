namespace TfRunner.Onnx.Execution;

/// <summary>The engine's modes.</summary>
internal static class OnnxModes
{
    public const string Compiled = "compiled";
    public const string Graph = "graph";
    public const string Eager = "eager";
}
