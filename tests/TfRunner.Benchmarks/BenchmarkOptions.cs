using System.Globalization;
using TfRunner.Engines;
using TfRunner.RecordedCases;

namespace TfRunner.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    /// <summary>What is no option, in order. A list, so that patterns can slice it.</summary>
    public ArraySegment<string> Words { get; private init; }

    /// <summary>Threads inside one op. Range 1 to 1024; default one per processor.</summary>
    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>Whether idle threads of ONNX Runtime spin.</summary>
    public bool Spinning { get; private init; }

    /// <summary>How long the rounds of one comparison last; at least three rounds are made.</summary>
    public TimeSpan Time { get; private init; } = TimeSpan.FromSeconds(4);

    /// <summary>The batch sizes to compare at.</summary>
    public IReadOnlyList<int> BatchSizes { get; private init; } = [1, 32];

    /// <summary>Reads the command line.</summary>
    /// <param name="args">The words.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">An option is unknown or has no valid value.</exception>
    public static BenchmarkOptions Parse(string[] args)
    {
        var options = new BenchmarkOptions();
        var words = new List<string>();
        var rest = new Queue<string>(args);
        while (rest.TryDequeue(out var word))
        {
            string Value() => rest.TryDequeue(out var value) ? value : throw new ArgumentException($"{word} needs a value");
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(word);
                continue;
            }

            options = word switch
            {
                "--threads" => options with { Threads = Count(Value()) },
                "--spinning" => options with { Spinning = true },
                "--seconds" => options with { Time = TimeSpan.FromSeconds(Count(Value())) },
                "--batch-size" => options with { BatchSizes = [.. Value().Split(',').Select(Count)] },
                _ => throw new ArgumentException($"there is no option {word}"),
            };
        }

        return options with { Words = words.ToArray() };
    }

    /// <summary>Reads a whole number from 1 on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">The number.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0;

    /// <summary>The options of an engine for this comparison.</summary>
    /// <returns>The options.</returns>
    public EngineOptions EngineOptions() => new()
    {
        // The usual places come first where no native library is kept for the tests.
        TensorFlowDirectory = SharedFolder.IsPresent ? SharedFolder.NativeLibraryDirectory : null,
        IntraOpThreads = Threads,
        AllowSpinning = Spinning,
        CacheDirectory = string.Empty,
    };

    private static int Count(string text) =>
        TryCount(text, out var count) ? count : throw new ArgumentException($"'{text}' is not a whole number from 1 on");
}
