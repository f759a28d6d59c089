namespace TfRunner.Onnx.Conversion;

/// <summary>An op cannot be written in ONNX as it stands. Caught where it is known which node it is about; never leaves the conversion.</summary>
internal sealed class UnsupportedException : Exception
{
    public UnsupportedException(string reason)
        : base(reason)
    {
    }
}
