using System.CommandLine;
using System.Globalization;
using TfRunner.Cli.Prediction;
using TfRunner.Data.Formats;
using TfRunner.Data.Images;
using TfRunner.Data.Pipeline;

namespace TfRunner.Cli.Commands;

/// <summary>The options of <c>predict</c> about pictures, columns, parts, bad rows and going on after a crash.</summary>
internal sealed class BulkOptions
{
    private const long LeastMemory = 1L << 26;

    private readonly Option<string> preprocess = new("--preprocess")
    {
        Description = "what is done to pictures: none (0 to 255), scale (by 1/255), scale:1/256, or a model of keras.applications such as mobilenet_v2 or resnet50 (default: none)",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "none",
    };

    private readonly Option<string> resize = new("--resize")
    {
        Description = "how pictures are brought to size: bilinear, bilinear-antialias, nearest, pad or crop-to-aspect (default: bilinear)",
        HelpName = "METHOD",
        DefaultValueFactory = static _ => "bilinear",
    };

    private readonly Option<string> decode = new("--decode")
    {
        Description = "how pictures are decoded: exact (JPEG as TensorFlow does, or as Pillow does with --resize nearest), tensorflow, pillow (as keras.utils.load_img does), or fast (JPEG and WebP scaled down while decoding) (default: exact)",
        HelpName = "HOW",
        DefaultValueFactory = static _ => "exact",
    };

    private readonly Option<string?> size = new("--size") { Description = "the size of pictures where the signature leaves it open, such as 224x320, height first (default: each picture's own)", HelpName = "HxW" };

    private readonly Option<int?> parallelCalls = Options.WholeNumber("--parallel-calls", "pictures decoded, or blocks of a table parsed, at once", 1, 1024, "tuned while running");

    private readonly Option<int?> prefetch = Options.WholeNumber("--prefetch", "batches read ahead of the model", 1, 4096, "tuned while running");

    private readonly Option<string[]> map = new("--map") { Description = "input=column: the column or key that feeds an input under another name; may be repeated (default: each input's own name)", HelpName = "A=B", DefaultValueFactory = static _ => [] };

    private readonly Option<string[]> defaults = new("--default") { Description = "column=value: what stands in where the file lacks the column, and for values missing in it; fills every element of the row; may be repeated (default: what is missing is an error)", HelpName = "C=V", DefaultValueFactory = static _ => [] };

    private readonly Option<string?> shuffle = new("--shuffle") { Description = "mix the rows: SEED/BUFFER, where each row is chosen at random out of BUFFER ones (1 to 10000000) held in memory (default: 0/10000; without --shuffle, the file's order)", HelpName = "SEED/BUFFER", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<string?> memory = new("--memory") { Description = "what buffers, parallel calls and arrays taken whole may hold, such as 512MiB or 2GiB (64MiB to 1TiB; default: 1GiB); the model and its one batch come on top", HelpName = "SIZE" };

    private readonly Option<string?> keep = new("--keep") { Description = "columns that go into the output beside the results, separated by commas; pictures have path and label (default: none)", HelpName = "A,B" };

    private readonly Option<string?> shard = new("--shard") { Description = "predict one part of the rows: I/N with I from 0, or auto on Slurm and Kubernetes (default: all rows); see merge", HelpName = "I/N" };

    private readonly Option<string> onError = new("--on-error")
    {
        Description = "what becomes of rows that cannot be read: stop, skip, or quarantine (skipped and noted in Y.errors.jsonl) (default: stop)",
        HelpName = "WHAT",
        DefaultValueFactory = static _ => "stop",
    };

    private readonly Option<int?> maxErrors = Options.WholeNumber("--max-errors", "skipped rows above which the exit code is 4", 0, int.MaxValue, "any number");

    private readonly Option<string?> report = new("--report") { Description = "an HTML page to write with what each stage did and which one limits the rate (default: none)", HelpName = "FILE" };

    private readonly Option<bool> resume = new("--resume") { Description = "keep finished chunks beside the output, and go on from them after a crash (default: off)" };

    public IEnumerable<Option> All => [preprocess, resize, decode, size, parallelCalls, prefetch, memory, map, defaults, keep, shuffle, shard, onError, maxErrors, resume, report];

    public PictureReading Pictures(ParseResult parsed) => new()
    {
        Preprocess = Preprocessing.Parse(parsed.GetValue(preprocess)!),
        Resize = parsed.GetValue(resize) switch
        {
            "bilinear" => ResizeMethod.Bilinear,
            "bilinear-antialias" => ResizeMethod.BilinearAntialias,
            "nearest" => ResizeMethod.Nearest,
            "pad" => ResizeMethod.Pad,
            "crop-to-aspect" => ResizeMethod.CropToAspect,
            var other => throw Usage($"--resize takes bilinear, bilinear-antialias, nearest, pad or crop-to-aspect, not '{other}'"),
        },
        FastDecode = parsed.GetValue(decode) == "fast",
        Arithmetic = parsed.GetValue(decode) switch
        {
            "exact" => null,
            "tensorflow" or "fast" => PictureArithmetic.TensorFlow,
            "pillow" => PictureArithmetic.Pillow,
            var other => throw Usage($"--decode takes exact, tensorflow, pillow or fast, not '{other}'"),
        },
        Size = ParseSize(parsed.GetValue(size)),
        ParallelCalls = parsed.GetValue(parallelCalls) ?? Dataset.Auto,
    };

    public int Prefetch(ParseResult parsed) => parsed.GetValue(prefetch) ?? Dataset.Auto;

    public IReadOnlyDictionary<string, string> Map(ParseResult parsed)
    {
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(map) ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == text.Length - 1 || !renamed.TryAdd(text[..equals], text[(equals + 1)..]))
            {
                throw Usage($"--map takes input=column once per input, not '{text}'");
            }
        }

        return renamed;
    }

    public IReadOnlyList<string> Keep(ParseResult parsed) =>
        parsed.GetValue(keep)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>The bytes that reading ahead may hold.</summary>
    public long Memory(ParseResult parsed) => parsed.GetValue(memory) is not { } text ? 1L << 30
        : ByteSize.TryParse(text) is >= LeastMemory and <= 1L << 40 and { } bytes ? bytes
        : throw Usage($"--memory takes a size from 64MiB to 1TiB such as 2GiB, not '{text}'");

    /// <summary>What stands in for missing columns and values, by the columns' names.</summary>
    public ColumnDefaults Defaults(ParseResult parsed)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in parsed.GetValue(defaults) ?? [])
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !values.TryAdd(text[..equals], text[(equals + 1)..]))
            {
                throw Usage($"--default takes column=value once per column, not '{text}'");
            }
        }

        return new(values);
    }

    /// <summary>Seed and buffer of <c>--shuffle</c>; null without it.</summary>
    public (ulong Seed, int Buffer)? Shuffle(ParseResult parsed)
    {
        if (parsed.GetResult(shuffle) is null)
        {
            return null;
        }

        if (parsed.GetValue(shard) is not null)
        {
            throw Usage("--shuffle and --shard exclude each other: parts are joined in the order of the input");
        }

        var text = parsed.GetValue(shuffle);
        var parts = (text ?? "0").Split('/');
        return parts.Length <= 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            && int.TryParse(parts.Length == 1 ? "10000" : parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var buffer)
            && buffer is >= 1 and <= 10_000_000
            ? (seed, buffer)
            : throw Usage($"--shuffle takes SEED or SEED/BUFFER with a buffer from 1 to 10000000, such as 7/10000, not '{text}'");
    }

    public Shard? Shard(ParseResult parsed) => parsed.GetValue(shard) is { } text ? Prediction.Shard.Parse(text, Environment.GetEnvironmentVariable) : null;

    public RowErrors Errors(ParseResult parsed, string? output)
    {
        var policy = parsed.GetValue(onError) switch
        {
            "stop" => RowErrorPolicy.Stop,
            "skip" => RowErrorPolicy.Skip,
            "quarantine" => RowErrorPolicy.Quarantine,
            var other => throw Usage($"--on-error takes stop, skip or quarantine, not '{other}'"),
        };
        return policy == RowErrorPolicy.Quarantine && output is null or InputFile.Standard
            ? throw Usage("--on-error quarantine needs --output FILE, beside which the bad rows are noted")
            : new(policy, policy == RowErrorPolicy.Quarantine ? output + ".errors.jsonl" : null);
    }

    public bool TooManyErrors(ParseResult parsed, long count) => count > (parsed.GetValue(maxErrors) ?? long.MaxValue);

    public string? Report(ParseResult parsed) => parsed.GetValue(report);

    public bool Resume(ParseResult parsed) => parsed.GetValue(resume);

    private static (int Height, int Width)? ParseSize(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split('x');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height) && height is > 0 and <= 1 << 14
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width is > 0 and <= 1 << 14
            ? (height, width)
            : throw Usage($"--size takes HEIGHTxWIDTH such as 224x224, not '{text}'");
    }

    private static TfRunnerException Usage(string message) => new(ErrorCode.InvalidArgument, ErrorStage.Usage, message);
}
