using TfRunner.Onnx.Conversion.Flow;

namespace TfRunner.Onnx.Conversion.Recurrent;

/// <summary>What a loop's body computes from one step to the next, where it is a cell that ONNX has an operator for.</summary>
internal sealed record RecurrentCell
{
    public required RecurrentKind Kind { get; init; }

    /// <summary>The step's input.</summary>
    public required FlowValue Input { get; init; }

    /// <summary>The input's weights [features, gates * units].</summary>
    public required FlowValue Weights { get; init; }

    /// <summary>The recurrent weights [units, gates * units]; for <see cref="RecurrentKind.GruResetBefore"/> those of the first two gates.</summary>
    public required FlowValue Recurrent { get; init; }

    /// <summary>The recurrent weights of the candidate of <see cref="RecurrentKind.GruResetBefore"/> [units, units].</summary>
    public FlowValue? RecurrentCandidate { get; init; }

    /// <summary>The bias beside the input's weights [gates * units]; null without one.</summary>
    public FlowValue? Bias { get; init; }

    /// <summary>The bias beside the recurrent weights; null without one.</summary>
    public FlowValue? RecurrentBias { get; init; }

    /// <summary>Where each of ONNX's gates stands among the columns: LSTM i, o, f, c; GRU z, r, h.</summary>
    public IReadOnlyList<int> Gates { get; init; } = [0];

    /// <summary>The activations, in ONNX's order.</summary>
    public required IReadOnlyList<CellActivation> Activations { get; init; }

    /// <summary>The number of the loop variable that is the hidden state.</summary>
    public required int Hidden { get; init; }

    /// <summary>The number of the loop variable that is the LSTM's cell state; -1 without one.</summary>
    public int Cell { get; init; } = -1;

    /// <summary>The new hidden state before any mask.</summary>
    public required FlowValue NewHidden { get; init; }
}
