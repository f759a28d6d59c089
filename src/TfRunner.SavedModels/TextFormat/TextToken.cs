namespace TfRunner.TextFormat;

/// <summary>One token of a text-format message.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">An identifier's or number's letters, a symbol; empty for strings.</param>
/// <param name="Bytes">A string's contents after its escapes; null for others.</param>
/// <param name="Offset">Where it starts, in bytes.</param>
internal readonly record struct TextToken(TextTokenKind Kind, string Text, byte[]? Bytes, int Offset)
{
    public bool Is(char symbol) => Kind == TextTokenKind.Symbol && Text[0] == symbol;
}
