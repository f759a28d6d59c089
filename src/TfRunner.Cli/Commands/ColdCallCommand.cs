using System.CommandLine;
using TfRunner.Cli.Output;
using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Cli.Commands;

/// <summary><c>cold-call MODEL</c>, hidden: what <c>diff</c> runs in a fresh process to time the first call.</summary>
internal sealed class ColdCallCommand
{
    private readonly ModelBinding model = new();
    private readonly InputOption input = new();
    private readonly Option<int?> batch = Options.WholeNumber("--batch-size", "rows per call; 0 takes the inputs whole", 0, 1 << 20, "0");
    private readonly Option<int?> recipe = Options.WholeNumber("--recipe", "which guess makes random inputs", -1, 1 << 20, "0");
    private readonly Option<ulong> seed = new("--seed") { Description = "decides random inputs (default: 1)", DefaultValueFactory = static _ => 1 };

    public static Command Create()
    {
        var self = new ColdCallCommand();
        var command = new Command("cold-call", "Loads a model, calls it twice, and prints the times.") { Hidden = true };
        self.model.AddTo(command);
        self.input.AddTo(command);
        command.Options.Add(self.batch);
        command.Options.Add(self.recipe);
        command.Options.Add(self.seed);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var options = model.ModelOptions(parsed);
        using var savedModel = SavedModel.Open(model.Path(parsed), options.SavedModel);
        var signature = savedModel.Signature(model.Signature(parsed));
        var chooser = new InputChooser(savedModel, signature, parsed.GetValue(seed));
        var rows = parsed.GetValue(batch) ?? 0;
        using var inputs = input.Reader(parsed)?.Invoke(signature) is { } own
            ? chooser.Own(own.Tensors, rows == 0 ? null : rows, own.Source)
            : chooser.Remake(parsed.GetValue(recipe) ?? 0, Math.Max(rows, 1));
        var mode = new ModeName(options.Engine, model.Mode(parsed) ?? "graph");
        var source = new ModelSource(model.Path(parsed), options.SavedModel, options.EngineOptions, signature.Name);
        var cold = ColdCallMeasurement.Run(StopwatchClock.Instance, source, mode, inputs);
        JsonOutput.Write(1, writer =>
        {
            if (cold.Failure is { } failure)
            {
                writer.WriteString("failure", failure);
                return;
            }

            writer.WriteNumber("load_ns", cold.Load);
            writer.WriteNumber("first_ns", cold.First);
            writer.WriteNumber("second_ns", cold.Second);
        });
        return 0;
    }
}
