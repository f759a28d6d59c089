using TfRunner;
using TfRunner.Benchmarks;
using TfRunner.Benchmarks.Calls;
using TfRunner.Benchmarks.Conversions;
using TfRunner.Benchmarks.Loads;
using TfRunner.Benchmarks.Onnx;
using TfRunner.Benchmarks.Pipelines;

const string Usage = """
    usage: TfRunner.Benchmarks calls MODEL INPUT.npz BATCH ENGINE:MODE... [options]
           TfRunner.Benchmarks load ENGINE:MODE MODEL INPUT.npz FIRST-MODEL FIRST-INPUT.npz [options]
           TfRunner.Benchmarks conversion file|prepare MODEL FIRST-MODEL FILE-OR-CACHE
           TfRunner.Benchmarks soak ENGINE:MODE NAME-OF-RECORDED-MODEL CALLS [options]
           TfRunner.Benchmarks pictures FOLDER-OF-PICTURES [ENGINE:MODE MODEL] [options]
           TfRunner.Benchmarks onnx FOLDER-OF-ONNX-FILES [MODEL...] [options]
    options: --threads N      threads inside one op, for all that is compared (default: one per processor)
             --spinning       idle threads of ONNX Runtime spin, for all that is compared
             --seconds S      time for the rounds of one comparison (default: 4)
             --batch-size A,B batch sizes of 'onnx' (default: 1,32)
    """;

try
{
    var options = BenchmarkOptions.Parse(args);
    switch (options.Words)
    {
        case ["calls", var model, var input, var batch, .. var modes] when modes.Count > 0 && BenchmarkOptions.TryCount(batch, out var rows):
            CallServer.Serve(model, input, rows, modes, options, Console.In, Console.Out);
            return 0;
        case ["load", var mode, var model, var input, var firstModel, var firstInput]:
            LoadMeasurement.Run(mode, model, input, firstModel, firstInput, options, Console.Out);
            return 0;
        case ["conversion", "file" or "prepare", var model, var firstModel, var target]:
            ConversionMeasurement.Run(options.Words[1], model, firstModel, target, Console.Out);
            return 0;
        case ["soak", var mode, var model, var calls] when BenchmarkOptions.TryCount(calls, out var count):
            return Soak.Run(mode, model, count, options, Console.Out) ? 0 : 1;
        case ["pictures", var folder]:
            new PictureServer(folder, null, string.Empty, options).Serve(Console.In, Console.Out);
            return 0;
        case ["pictures", var folder, var mode, var model]:
            new PictureServer(folder, model, mode, options).Serve(Console.In, Console.Out);
            return 0;
        case ["onnx", var folder, .. var models]:
            OnnxComparison.Run(folder, models, options, Console.Out);
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (Exception e) when (e is TfRunnerException or ArgumentException)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}
