using System.CommandLine;
using TfRunner.Cli.Inspection;
using TfRunner.Cli.Output;

namespace TfRunner.Cli.Commands;

/// <summary><c>inspect MODEL</c>: what a SavedModel offers and what can run it; runs nothing of it.</summary>
internal sealed class InspectCommand
{
    private readonly ModelBinding model = new();
    private readonly Option<bool> json = new("--json") { Description = "print JSON (default: off)" };
    private readonly Option<bool> all = new("--all") { Description = "list every op and variable (default: the first twenty)" };

    public static Command Create()
    {
        var self = new InspectCommand();
        var command = new Command("inspect", "Says what a SavedModel offers: signatures, engines that can run them, ops, variables, assets.");
        self.model.AddTo(command);
        command.Options.Add(self.json);
        command.Options.Add(self.all);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var options = model.ModelOptions(parsed);
        using var savedModel = SavedModel.Open(model.Path(parsed), options.SavedModel);
        var signatures = model.Signature(parsed) is { } name ? [savedModel.Signature(name)] : savedModel.Signatures;
        var support = SignatureSupport.Find(savedModel, signatures, options);
        if (parsed.GetValue(json))
        {
            JsonOutput.Write(1, writer => InspectionJson.Write(writer, savedModel, signatures, support));
        }
        else
        {
            InspectionText.Write(Console.Out, savedModel, signatures, support, parsed.GetValue(all) ? int.MaxValue : 20);
        }

        return 0;
    }
}
