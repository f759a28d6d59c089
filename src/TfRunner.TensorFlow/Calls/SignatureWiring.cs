namespace TfRunner.TensorFlow.Calls;

/// <summary>
/// Which tensors of the graph are fed and fetched for a signature. Two names can stand for one tensor, and an output can be
/// an input: TensorFlow refuses to feed a tensor twice and to fetch one that is fed.
/// </summary>
internal sealed class SignatureWiring
{
    private readonly int[] feedInput;
    private readonly int[] fetchOf;
    private readonly int[] inputOf;

    public SignatureWiring(Signature signature)
    {
        Signature = signature;

        // Of two names for one tensor the last counts, as in a session that is fed from a dictionary.
        Feeds = [.. signature.Inputs.GroupBy(static i => i.TensorName, StringComparer.Ordinal).Select(static g => g.Last())];
        feedInput = [.. Feeds.Select(f => Position(signature.Inputs, f))];
        Fetches = [.. signature.Outputs.Where(o => Feeds.All(f => f.TensorName != o.TensorName)).DistinctBy(static o => o.TensorName)];
        fetchOf = [.. signature.Outputs.Select(o => Position(Fetches, o))];
        inputOf = [.. signature.Outputs.Select(o => Position(Feeds, o) is var f and >= 0 ? feedInput[f] : -1)];
    }

    public Signature Signature { get; }

    /// <summary>What is fed, one spec per tensor.</summary>
    public IReadOnlyList<TensorSpec> Feeds { get; }

    /// <summary>What is fetched, one spec per tensor.</summary>
    public IReadOnlyList<TensorSpec> Fetches { get; }

    /// <summary>The input that feeds each of <see cref="Feeds"/>.</summary>
    public ReadOnlySpan<int> FeedInput => feedInput;

    /// <summary>Which of <see cref="Fetches"/> each output is; -1 when it is an input.</summary>
    public ReadOnlySpan<int> FetchOf => fetchOf;

    /// <summary>Which input each output is; -1 when it is fetched.</summary>
    public ReadOnlySpan<int> InputOf => inputOf;

    private static int Position(IReadOnlyList<TensorSpec> specs, TensorSpec wanted)
    {
        for (var i = 0; i < specs.Count; i++)
        {
            if (ReferenceEquals(specs[i], wanted) || specs[i].TensorName == wanted.TensorName)
            {
                // Two inputs of one tensor are told apart by identity.
                if (ReferenceEquals(specs[i], wanted) || !specs.Any(s => ReferenceEquals(s, wanted)))
                {
                    return i;
                }
            }
        }

        return -1;
    }
}
