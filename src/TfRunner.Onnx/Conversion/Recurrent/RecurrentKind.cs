namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>The cells that ONNX has operators for.</summary>
internal enum RecurrentKind
{
    /// <summary>h' = f(x W + h R + b).</summary>
    Simple,

    /// <summary>Keras's GRU with reset_after: the reset gate scales what the recurrent product gave.</summary>
    GruResetAfter,

    /// <summary>The GRU whose reset gate scales the state before the recurrent product.</summary>
    GruResetBefore,

    /// <summary>The LSTM without peepholes.</summary>
    Lstm,
}
