using System.Globalization;
using System.Text.Json;
using TfRunner.Diagnosis.Cold;
using TfRunner.Diagnosis.Diff;
using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Cli.Measuring;

/// <summary>Measures first calls by running <c>cold-call</c> in fresh processes. A crash there costs one row, not the table.</summary>
/// <param name="arguments">The model and how it is loaded, as arguments.</param>
/// <param name="seed">Makes the same random inputs there.</param>
internal sealed class ColdCallProcesses(IReadOnlyList<string> arguments, ulong seed) : IColdCalls
{
    private const int SignalBase = 128;

    public ColdCall Measure(ModeName mode, ChosenInputs inputs, TimeInterval limit, CancellationToken cancellationToken)
    {
        string[] command =
        [
            "cold-call", .. arguments,
            "--engine", mode.Engine, "--mode", mode.Mode,
            "--batch-size", inputs.Batch.ToString(CultureInfo.InvariantCulture),
            "--recipe", inputs.Recipe.ToString(CultureInfo.InvariantCulture),
            "--seed", seed.ToString(CultureInfo.InvariantCulture),
        ];
        var (exitCode, output, error) = ChildProcess.Run(command, limit, cancellationToken);
        if (exitCode is null)
        {
            return ColdCall.Failed($"{DiffRow.NoTime}loading and the first call together took longer than {limit}; give more with --max-time");
        }

        try
        {
            using var document = JsonDocument.Parse(output);
            var root = document.RootElement;
            return root.TryGetProperty("failure", out var failure)
                ? ColdCall.Failed(failure.GetString()!)
                : new(root.GetProperty("load_ns").GetDouble(), root.GetProperty("first_ns").GetDouble(), root.GetProperty("second_ns").GetDouble(), null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            return ColdCall.Failed(
                exitCode > SignalBase && exitCode < SignalBase + 64
                    ? FormattableString.Invariant($"the process crashed (signal {exitCode - SignalBase}){(error.Length > 0 ? ": " + error : "")}")
                    : error.Length > 0 ? error : FormattableString.Invariant($"the process ended with {exitCode}"));
        }
    }
}
