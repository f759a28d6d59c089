using System.CommandLine;
using TfRunner.Cli.Prediction;

namespace TfRunner.Cli.Commands;

/// <summary>The <c>--input</c> of the measuring commands: whole tensors, read before anything is timed.</summary>
internal sealed class InputOption
{
    private const int MaxRows = 4096;

    private readonly Option<string[]> input = new("--input")
    {
        Description = "a file of inputs (.npz, .npy, .csv, .jsonl), or name=FILE for one of them (default: random inputs that fit the signature)",
        HelpName = "X",
        DefaultValueFactory = static _ => [],
    };

    public void AddTo(Command command) => command.Options.Add(input);

    /// <summary>What was given, to be passed on to a child process.</summary>
    public IReadOnlyList<string> Texts(ParseResult parsed) => parsed.GetValue(input) ?? [];

    /// <summary>A reader of the user's tensors for a signature; null when none were given.</summary>
    public Func<Signature, (TensorValue[] Tensors, string Source)>? Reader(ParseResult parsed)
    {
        var texts = Texts(parsed);
        return texts.Count == 0 ? null : signature => (Read(signature, texts), string.Join(", ", texts));
    }

    /// <summary>Reads a signature's tensors from files.</summary>
    public static TensorValue[] Read(Signature signature, IReadOnlyList<string> texts)
    {
        var tensors = new TensorValue[signature.Inputs.Count];
        foreach (var binding in InputBinding.Parse(signature, texts))
        {
            var read = binding.HoldsArrays ? binding.ReadArrays(out _) : Rows(binding);
            for (var i = 0; i < read.Length; i++)
            {
                tensors[signature.Inputs.ToList().IndexOf(binding.Inputs[i])] = read[i];
            }
        }

        return tensors;
    }

    private static TensorValue[] Rows(InputBinding binding)
    {
        using var rows = binding.OpenRows(null);
        return rows.Read(MaxRows) ?? throw TfRunnerException.ForData(ErrorCode.InvalidArgument, $"{binding.Source} has no rows");
    }
}
