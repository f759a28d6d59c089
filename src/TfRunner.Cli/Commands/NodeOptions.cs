using System.CommandLine;

namespace TfRunner.Cli.Commands;

/// <summary>The options that feed and fetch nodes of the graph by name, for models without signatures.</summary>
internal sealed class NodeOptions
{
    private readonly Option<string[]> feed = new("--feed")
    {
        Description = "a node to feed, as NODE or NODE:OUTPUT, by name; NODE=X also says from where, as in --input; may be repeated (default: the signature's inputs)",
        HelpName = "NODE[=X]",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string[]> fetch = new("--fetch")
    {
        Description = "the nodes to fetch, as NODE or NODE:OUTPUT, separated by commas; may be repeated (default: the signature's outputs)",
        HelpName = "NODE",
        DefaultValueFactory = static _ => [],
    };

    public void AddTo(Command command)
    {
        command.Options.Add(feed);
        command.Options.Add(fetch);
    }

    /// <summary>The entry point made of nodes.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <param name="model">The model.</param>
    /// <param name="signature">The signature that was named too, which is wrong use; else null.</param>
    /// <returns>The signature; null when no nodes were named.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for wrong use; NotFound for nodes that do not exist.</exception>
    public Signature? Signature(ParseResult parsed, SavedModel model, string? signature)
    {
        var feeds = parsed.GetValue(feed) ?? [];
        var fetches = parsed.GetValue(fetch) ?? [];
        if (feeds.Length == 0 && fetches.Length == 0)
        {
            return null;
        }

        if (signature is not null || fetches.Length == 0)
        {
            throw new TfRunnerException(
                ErrorCode.InvalidArgument,
                ErrorStage.Usage,
                signature is not null ? "--signature and --feed or --fetch exclude each other" : "--feed needs --fetch",
                signature is not null ? "leave --signature away to feed and fetch nodes" : "'tfrunner inspect' lists what can be fetched");
        }

        return model.AdHocSignature(
            feeds.Select(static f => f.Split('=', 2)[0]),
            fetches.SelectMany(static f => f.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
    }

    /// <summary>What is fed from where, as <c>--input</c> would say it.</summary>
    public IEnumerable<string> Inputs(ParseResult parsed) => (parsed.GetValue(feed) ?? []).Where(static f => f.Contains('=', StringComparison.Ordinal));
}
