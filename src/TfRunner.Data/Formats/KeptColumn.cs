namespace TfRunner.Data.Formats;

/// <summary>
/// A column that goes along with the rows and into the output without passing through the model: an id, a label. It is asked
/// for like an input and always comes as one string a row, whatever the file holds.
/// </summary>
public static class KeptColumn
{
    private const string Mark = ":kept";

    /// <summary>Asks for a column.</summary>
    /// <param name="name">The column's name; pictures have <c>path</c> and <c>label</c> (the name of the folder).</param>
    /// <returns>What to pass where inputs are listed.</returns>
    public static TensorSpec Spec(string name) => new(name, DType.String, TensorShape.Of(-1), Mark);

    /// <summary>Whether a spec asks for a kept column.</summary>
    /// <param name="spec">The spec.</param>
    /// <returns>True when <see cref="Spec"/> made it.</returns>
    public static bool Is(TensorSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.TensorName == Mark;
    }
}
