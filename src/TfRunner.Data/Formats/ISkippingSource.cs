namespace TfRunner.Data.Formats;

/// <summary>A source that can go on after a row that cannot be read: the read that fails costs that row only, and the next read gives the rows after it.</summary>
public interface ISkippingSource
{
    /// <summary>Whether the row that failed last has been passed over and reading may go on.</summary>
    bool CanGoOn { get; }
}
