using System.CommandLine;
using System.Runtime.InteropServices;
using TfRunner.Cli.Output;
using TfRunner.Engines;

namespace TfRunner.Cli.Commands;

/// <summary><c>doctor</c>: what this machine has, what was tried, and what to do next.</summary>
internal sealed class DoctorCommand
{
    private readonly ModelBinding engines = new();
    private readonly Option<bool> json = new("--json") { Description = "print JSON (default: off)" };

    public static Command Create()
    {
        var self = new DoctorCommand();
        var command = new Command("doctor", "Says which engines work on this machine, what was tried, and what to do next.");
        self.engines.AddEngineOptionsTo(command);
        command.Options.Add(self.json);
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var options = engines.EngineOptions(parsed);
        var found = EngineCatalog.Providers.Select(p => (p.Name, p.Modes, Availability: p.Probe(options))).ToList();
        var works = found.Exists(static f => f.Availability.IsAvailable);
        if (parsed.GetValue(json))
        {
            WriteJson(found);
        }
        else
        {
            WriteText(found);
        }

        return works ? 0 : (int)ErrorStage.Engine;
    }

    private static void WriteText(List<(string Name, IReadOnlyList<string> Modes, EngineAvailability Availability)> found)
    {
        var writer = Console.Out;
        writer.WriteLine($"platform   {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors");
        foreach (var (name, modes, availability) in found)
        {
            writer.WriteLine();
            writer.WriteLine(availability.IsAvailable
                ? $"{name}: works, version {availability.Version}, modes {string.Join(", ", modes)}"
                : $"{name}: does not work: {availability.Reason}");
            if (availability.Location is { } location)
            {
                writer.WriteLine($"  from {location}");
            }

            foreach (var note in availability.Notes)
            {
                writer.WriteLine($"  - {note}");
            }
        }

        writer.WriteLine();
        writer.WriteLine(Advice(found));
    }

    private static string Advice(List<(string Name, IReadOnlyList<string> Modes, EngineAvailability Availability)> found)
    {
        var missing = found.FirstOrDefault(static f => f.Name == "tensorflow" && !f.Availability.IsAvailable);
        var next = "name the folder of TensorFlow's library in TFRUNNER_TENSORFLOW or with --tensorflow, or install a SciSharp.TensorFlow.Redist package or Python's tensorflow";
        return missing.Name is null ? "next: nothing to do"
            : found.Exists(static f => f.Availability.IsAvailable)
                ? $"next: models run on the embedded engine; to run them on TensorFlow, {next}"
                : $"next: {next}";
    }

    private static void WriteJson(List<(string Name, IReadOnlyList<string> Modes, EngineAvailability Availability)> found)
    {
        JsonOutput.Write(1, writer =>
        {
            writer.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
            writer.WriteString("os", RuntimeInformation.OSDescription.Trim());
            writer.WriteString("framework", RuntimeInformation.FrameworkDescription);
            writer.WriteNumber("processors", Environment.ProcessorCount);
            writer.WriteStartArray("engines");
            foreach (var (name, modes, availability) in found)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteBoolean("available", availability.IsAvailable);
                writer.WriteString("version", availability.Version);
                writer.WriteString("location", availability.Location);
                writer.WriteString("reason", availability.Reason);
                JsonOutput.WriteTexts(writer, "modes", modes);
                JsonOutput.WriteTexts(writer, "notes", availability.Notes);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }
}
