using System.CommandLine;
using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Parity;
using TfRunner.Engines;
using TfRunner.Onnx;
using TfRunner.Onnx.Conversion;

namespace TfRunner.Cli.Commands;

/// <summary><c>convert MODEL --to onnx OUT</c>: writes a signature as an ONNX model.</summary>
internal sealed class ConvertCommand
{
    private const string RandomInput = "random";
    private const int Departed = 7;

    private readonly ModelBinding model = new();

    private readonly Argument<string> target = new("OUT") { Description = "the file to write" };

    private readonly Option<string> format = new("--to") { Description = "the format: onnx", HelpName = "FORMAT", Required = true };

    private readonly Option<int?> opset = Options.WholeNumber(
        "--opset", "the opset of ONNX's operators that the model states", ConversionOptions.MinOpset, ConversionOptions.MaxOpset, "21");

    private readonly Option<string?> verify = new("--verify")
    {
        Description = "compare the written model with the SavedModel on an input file, or on random input with 'random' (default: no comparison)",
        HelpName = "FILE",
    };

    private readonly Option<double> rtol = MeasuredOptions.Number("--rtol", "the relative tolerance of outputs", 0, 1, 1e-3);
    private readonly Option<double> atol = MeasuredOptions.Number("--atol", "the absolute tolerance of outputs", 0, 1e9, 1e-5);

    public static Command Create()
    {
        var self = new ConvertCommand();
        var command = new Command("convert", "Writes a signature as an ONNX model that any ONNX runtime loads.");
        self.model.AddModelTo(command);
        command.Arguments.Add(self.target);
        Array.ForEach<Option>([self.format, self.opset, self.verify, self.rtol, self.atol], command.Options.Add);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        if (parsed.GetRequiredValue(format) is not "onnx" and var other)
        {
            throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"there is no format '{other}' to convert to", "use --to onnx");
        }

        var path = parsed.GetRequiredValue(target);
        var loading = model.ModelOptions(parsed);
        using var savedModel = SavedModel.Open(model.Path(parsed), loading.SavedModel);
        var signature = savedModel.Signature(model.Signature(parsed));
        var converted = OnnxConverter.Convert(savedModel, signature, new() { Opset = parsed.GetValue(opset) ?? new ConversionOptions().Opset });
        converted.Save(path);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: signature '{signature.Name}', opset {converted.Opset}, {converted.NodeCount} nodes, {new FileInfo(path).Length} bytes"));
        return parsed.GetValue(verify) is { } input ? Verify(parsed, savedModel, signature, path, input) : 0;
    }

    private int Verify(ParseResult parsed, SavedModel savedModel, Signature signature, string path, string input)
    {
        // TensorFlow itself is the judge where it is present; else the graph as converted but not optimised.
        var loading = model.ModelOptions(parsed);
        var isTensorFlow = EngineCatalog.Find("tensorflow").Probe(loading.EngineOptions).IsAvailable;
        using var reference = Model.Load(model.Path(parsed), loading with { Engine = isTensorFlow ? "tensorflow" : "onnx" });
        using var predictor = reference.Predictor(signature.Name, "graph");
        using var inputs = Inputs(savedModel, signature, predictor, input);
        var expected = predictor.Predict(inputs.Tensors, Interruption.Token);
        var actual = OnnxFile.Run(path, signature, inputs.Tensors);
        var difference = OutputDifference.Between(signature, actual, expected, parsed.GetValue(rtol), parsed.GetValue(atol));
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"parity with {reference.Engine}:graph on {inputs.Description}: greatest difference {difference.MaxAbsolute:g3}, relative {difference.MaxRelative:g3}"));
        if (difference.Mismatch is not { } mismatch)
        {
            return 0;
        }

        ErrorReport.WriteLine("error", $"the written model departs from the SavedModel: {mismatch}");
        return Departed;
    }

    private static ChosenInputs Inputs(SavedModel savedModel, Signature signature, Predictor predictor, string input)
    {
        var chooser = new InputChooser(savedModel, signature, 1);
        if (input == RandomInput)
        {
            return chooser.Find(2, 0, tensors => Array.ForEach(predictor.Predict(tensors, Interruption.Token), static t => t.Dispose()), static () => false);
        }

        var given = InputOption.Read(signature, [input]);
        return chooser.Own(given, null, input);
    }
}
