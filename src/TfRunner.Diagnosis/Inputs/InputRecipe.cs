namespace TfRunner.Diagnosis.Inputs;

/// <summary>One guess at what a signature takes. The same recipe, seed and batch give the same inputs in every process.</summary>
/// <param name="Free">What an unknown dimension other than the batch is given.</param>
/// <param name="Last">What an unknown last dimension is given.</param>
/// <param name="Text">What strings are made of.</param>
/// <param name="MaxInteger">Integers are 0 to this.</param>
/// <param name="UnknownRank">How many dimensions a tensor of unknown rank has.</param>
internal sealed record InputRecipe(int Free, int Last, TextKind Text, int MaxInteger, int UnknownRank)
{
    /// <summary>The guesses, the likeliest first.</summary>
    /// <param name="likely">The kind of text that the graph's ops suggest.</param>
    /// <returns>All of them.</returns>
    public static IReadOnlyList<InputRecipe> All(TextKind likely)
    {
        var texts = Enum.GetValues<TextKind>().OrderBy(t => t == likely ? -1 : (int)t).ToArray();
        (int Free, int Last)[] sizes = [(16, 16), (32, 3), (8, 1), (64, 3), (224, 3), (1, 1), (4, 4), (2, 2), (3, 3), (10, 10), (28, 1), (128, 128), (299, 3)];
        var recipes =
            from text in texts
            from size in sizes
            from integer in (int[])[9, 1, 0]
            select new InputRecipe(size.Free, size.Last, text, integer, 2);
        return [.. recipes.OrderBy(r => Array.IndexOf(texts, r.Text) > 0 && r.MaxInteger != 9), new(1, 1, likely, 1, 1), new(1, 1, likely, 1, 0), new(32, 3, likely, 1, 4)];
    }
}
