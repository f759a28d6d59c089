namespace TfRunner.TextFormat;

/// <summary>The kinds of token.</summary>
internal enum TextTokenKind
{
    End,
    Identifier,
    Number,
    String,
    Symbol,
}
