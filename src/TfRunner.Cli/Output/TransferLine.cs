using System.Globalization;
using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.Cli.Output;

/// <summary>A progress bar in bytes, on one line of a terminal. Writes nothing where standard error is no terminal.</summary>
internal sealed class TransferLine : IProgress<InstallProgress>, IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly TimeProvider clock;
    private readonly TextWriter? writer;
    private string what = string.Empty;
    private long? drawn;
    private int width;

    /// <summary>Creates the line.</summary>
    /// <param name="clock">Keeps it from being drawn too often.</param>
    /// <param name="writer">Where to; null takes standard error where that is a terminal.</param>
    public TransferLine(TimeProvider clock, TextWriter? writer = null)
    {
        this.clock = clock;
        this.writer = writer ?? (Console.IsErrorRedirected ? null : Console.Error);
    }

    public void Report(InstallProgress value)
    {
        // A new activity is shown at once; the same one ten times a second.
        if (writer is null || (value.What == what && drawn is { } last && clock.GetElapsedTime(last) < Interval))
        {
            return;
        }

        what = value.What;
        drawn = clock.GetTimestamp();
        var text = Describe(value);
        writer.Write($"\r{text.PadRight(width)}");
        width = text.Length;
    }

    public void Dispose()
    {
        if (width > 0)
        {
            writer!.Write($"\r{new string(' ', width)}\r");
            width = 0;
        }
    }

    /// <summary>The line's text: a bar where the total is known, else the bytes so far.</summary>
    internal static string Describe(InstallProgress progress)
    {
        if (progress.Total is not > 0)
        {
            return progress.Done > 0 ? $"{progress.What}: {Bytes.Text(progress.Done)}" : progress.What;
        }

        var share = Math.Clamp((double)progress.Done / progress.Total.Value, 0, 1);
        var filled = (int)(share * BarWidth);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {share * 100:F0} %  {progress.What}: {Bytes.Text(progress.Done)} of {Bytes.Text(progress.Total.Value)}");
    }
}
