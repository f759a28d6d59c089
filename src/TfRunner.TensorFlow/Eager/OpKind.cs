namespace TfRunner.TensorFlow.Eager;

/// <summary>How a node is executed op by op.</summary>
internal enum OpKind
{
    /// <summary>By TFE_Execute.</summary>
    Plain,

    /// <summary>By entering a function's body.</summary>
    Call,

    /// <summary>By entering one of two bodies.</summary>
    If,

    /// <summary>By entering one of several bodies.</summary>
    Case,

    /// <summary>By entering condition and body in turn.</summary>
    While,

    /// <summary>Nothing: it only orders others.</summary>
    Nothing,

    /// <summary>A constant that can be dead, in a body with control flow of TensorFlow 1.</summary>
    Constant,

    /// <summary>Control flow of TensorFlow 1: moves values, or kills them, between frames and iterations.</summary>
    Switch,

    /// <summary>Takes the first living value.</summary>
    Merge,

    /// <summary>Takes a value into a loop.</summary>
    Enter,

    /// <summary>Takes a value out of a loop.</summary>
    Exit,

    /// <summary>Takes a value to the loop's next turn.</summary>
    NextIteration,

    /// <summary>Passes the loop's condition on.</summary>
    LoopCondition,
}
