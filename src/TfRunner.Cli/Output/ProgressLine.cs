using System.Globalization;
using TfRunner.Data.Pipeline;

namespace TfRunner.Cli.Output;

/// <summary>One line on a terminal that says how far a run is. Writes nothing where standard error is no terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly bool enabled;
    private readonly TimeProvider clock;
    private readonly long start;
    private readonly long? total;
    private long drawn;
    private int width;

    public ProgressLine(long? total, bool quiet, TimeProvider? clock = null)
    {
        this.total = total;
        this.clock = clock ?? TimeProvider.System;
        enabled = !quiet && !Console.IsErrorRedirected;
        start = this.clock.GetTimestamp();
        drawn = start;
    }

    /// <summary>How long it has run.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(start);

    public void Report(long done, Func<PipelineReport?>? pipeline = null)
    {
        if (!enabled || clock.GetElapsedTime(drawn) < Interval)
        {
            return;
        }

        drawn = clock.GetTimestamp();
        var text = Describe(done, total, Elapsed) + (pipeline?.Invoke() is { } report ? "  " + report.Bottleneck : string.Empty);
        Console.Error.Write($"\r{text.PadRight(width)}");
        width = text.Length;
    }

    public void Dispose()
    {
        if (width > 0)
        {
            Console.Error.Write($"\r{new string(' ', width)}\r");
            width = 0;
        }
    }

    /// <summary>The line's text.</summary>
    /// <param name="done">Rows done.</param>
    /// <param name="total">Rows in all, where known.</param>
    /// <param name="elapsed">Since the start.</param>
    /// <returns>Bar, rows, rows per second, time left.</returns>
    internal static string Describe(long done, long? total, TimeSpan elapsed)
    {
        var rate = elapsed > TimeSpan.Zero ? done / elapsed.TotalSeconds : 0;
        var speed = string.Create(CultureInfo.InvariantCulture, $"{rate:N0} rows/s");
        if (total is not > 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{done:N0} rows  {speed}");
        }

        var share = Math.Clamp((double)done / total.Value, 0, 1);
        var filled = (int)(share * 24);
        var left = rate > 0 ? TimeSpan.FromSeconds((total.Value - done) / rate) : TimeSpan.Zero;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', 24 - filled)}] {share * 100:F0} %  {done:N0} of {total:N0} rows  {speed}  {left:hh\\:mm\\:ss} left");
    }
}
