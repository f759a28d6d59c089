using System.Globalization;

namespace TfRunner.Data.Formats;

/// <summary>What stands in for columns that a file lacks and for values missing in them.</summary>
/// <param name="values">One value as text per column, as ElementText reads it; it fills every element of the row.</param>
public sealed class ColumnDefaults(IReadOnlyDictionary<string, string> values)
{
    /// <summary>No defaults: what is missing is an error.</summary>
    public static ColumnDefaults None { get; } = new(new Dictionary<string, string>());

    /// <summary>The columns that have a default.</summary>
    public IEnumerable<string> Columns => values.Keys;

    /// <summary>Whether a column has a default.</summary>
    /// <param name="column">The column's name in the file.</param>
    /// <returns>True when it has one.</returns>
    public bool Has(string column) => values.ContainsKey(column);

    /// <summary>The default of an input as a tensor of one element.</summary>
    /// <param name="input">The input, named as its column.</param>
    /// <returns>The element; null without a default. The caller disposes it.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when the text is no value of the input's dtype.</exception>
    public TensorValue? One(TensorSpec input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!values.TryGetValue(input.Name, out var text))
        {
            return null;
        }

        var one = TensorValue.Zeros(input.DType, 1);
        return ElementText.TryParse(text, one, 0)
            ? one
            : throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"the default of column '{input.Name}' is '{text}', which is no {input.DType.Name()}", "see --default");
    }

    /// <summary>Rows that hold the default of an input in every element.</summary>
    /// <param name="input">The input, named as its column; its dimensions but the first must be known.</param>
    /// <param name="rows">How many.</param>
    /// <returns>The rows; null without a default. The caller disposes them.</returns>
    public TensorValue? Rows(TensorSpec input, int rows)
    {
        using var one = One(input);
        if (one is null)
        {
            return null;
        }

        if (!input.Shape.IsRankKnown || input.Shape.Dimensions[1..].Contains(-1))
        {
            throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"the default of column '{input.Name}' does not say how many values a row has (input {input})", "give the column in the file");
        }

        var column = TensorValue.Allocate(input.DType, [rows, .. input.Shape.Dimensions[1..]]);
        Fill(column.Reshape(column.Length), one, 0, column.Length);
        return column;
    }

    /// <summary>Writes a default into elements of a column.</summary>
    /// <param name="flat">The column's elements, of rank 1.</param>
    /// <param name="one">The default.</param>
    /// <param name="first">The first element.</param>
    /// <param name="count">How many.</param>
    internal static void Fill(TensorValue flat, TensorValue one, long first, long count)
    {
        for (var i = 0L; i < count; i++)
        {
            flat.CopyRows(one, 0, first + i, 1);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", values.Select(static v => string.Create(CultureInfo.InvariantCulture, $"{v.Key}={v.Value}")));
}
