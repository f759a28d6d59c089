using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>
/// Which variables and tables of a model a runtime has in use, and what is to be done before it can use more: each is made
/// when a signature reaches it first, restored from the checkpoint, and initialised by those parts of the init op that
/// touch it. Decides only; each runtime has a plan of its own and does it in its way.
/// </summary>
internal sealed class StatePlan
{
    private readonly SavedModel model;
    private readonly RestorePlan restore;
    private readonly List<Effect> initialisers;
    private readonly Dictionary<string, Effect> restorers = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    public StatePlan(SavedModel model, SignatureReach reach, RestorePlan restore, OpCatalog ops)
    {
        this.model = model;
        this.restore = restore;
        initialisers = [.. new EffectNodes(reach).Behind(InitRoots.Find(model.MetaGraph)).Select(n => Touched(n, []))];

        // A part that does more than assign overwrites all it touches, so it runs once, before any of that is used.
        HashSet<TensorName> fed = FilenameTensor is { } name ? [name] : [];
        foreach (var restorer in restore.Wholes.Select(n => Touched(n, fed)))
        {
            restorer.Resources.ForEach(r => restorers.TryAdd(r.Name, restorer));
        }

        Effect Touched(string node, HashSet<TensorName> given) =>
            new(node, [.. reach.MainNodes([new(node, -1)], given).Where(n => ResourceNodes.IsResource(n, ops))]);
    }

    /// <summary>The tensor through which the restore op is told the checkpoint's name.</summary>
    public TensorName? FilenameTensor => restore.FilenameTensor is { Length: > 0 } name ? TensorName.Parse(name) : null;

    /// <summary>The checkpoint's name, as restore ops take it.</summary>
    public string Prefix => Path.Combine(model.Directory, "variables", "variables");

    /// <summary>Finds what is to be done before resources can be used.</summary>
    /// <param name="resources">The nodes that make them, as they stand in the graph.</param>
    public StateChange Need(IEnumerable<NodeDef> resources)
    {
        var change = new StateChange();
        var made = new HashSet<string>(used, StringComparer.Ordinal);
        Use(resources, made, change);
        var waiting = initialisers.ToList();
        while (waiting.Find(i => i.Resources.Count == 0 || i.Resources.Exists(r => made.Contains(r.Name))) is { } next)
        {
            waiting.Remove(next);
            change.Initialisers.Add(next.Node);
            Use(next.Resources, made, change);
        }

        return change;
    }

    /// <summary>Notes that a change has been made; without that the next caller is told the same.</summary>
    public void Done(StateChange change)
    {
        used.UnionWith(change.Made.Select(static n => n.Name));
        initialisers.RemoveAll(i => change.Initialisers.Contains(i.Node));
    }

    private void Use(IEnumerable<NodeDef> resources, HashSet<string> made, StateChange change)
    {
        var waiting = new Queue<NodeDef>(resources);
        while (waiting.TryDequeue(out var node))
        {
            if (!made.Add(node.Name))
            {
                continue;
            }

            change.Made.Add(node);
            if (restorers.TryGetValue(node.Name, out var restorer))
            {
                if (!change.Restorers.Contains(restorer.Node))
                {
                    change.Restorers.Add(restorer.Node);
                    restorer.Resources.ForEach(waiting.Enqueue);
                }
            }
            else if (restore.Find(node, model.Checkpoint) is { } source)
            {
                change.Restored.Add((node, source));
            }
        }
    }

    /// <summary>A part of the restore or init op.</summary>
    /// <param name="Node">Its node.</param>
    /// <param name="Resources">The nodes that make the resources it touches.</param>
    private sealed record Effect(string Node, List<NodeDef> Resources);
}
