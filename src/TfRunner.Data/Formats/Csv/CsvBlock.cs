namespace TfRunner.Data.Formats.Csv;

/// <summary>Parsed records: the good ones as rows, and what is wrong with the others.</summary>
/// <param name="Columns">One tensor per input; its first <paramref name="Rows"/> rows are set.</param>
/// <param name="Rows">How many records are good.</param>
/// <param name="Failures">The others in order: how many good rows come before, and the error by the record's number in the file.</param>
internal sealed record CsvBlock(TensorValue[] Columns, int Rows, IReadOnlyList<(int After, Func<long, TfRunnerException> Error)> Failures) : Pipeline.IMeasured
{
    /// <inheritdoc/>
    public long ByteLength => Columns.Sum(static c => c.IsString ? c.Strings.Sum(static s => s.Length + 32L) : c.ByteLength);
}
