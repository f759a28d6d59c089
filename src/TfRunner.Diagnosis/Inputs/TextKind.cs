namespace TfRunner.Diagnosis.Inputs;

/// <summary>What a string input may hold.</summary>
internal enum TextKind
{
    /// <summary>Words of the vocabulary, or made-up ones.</summary>
    Words,

    /// <summary>A small encoded picture.</summary>
    Picture,

    /// <summary>A serialized tf.Example.</summary>
    Example,

    /// <summary>Numbers in decimal.</summary>
    Number,

    /// <summary>No bytes.</summary>
    Nothing,
}
