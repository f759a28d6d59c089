using System.Globalization;
using TfRunner.SavedModels.Protos;
using TfRunner.TensorFlow.Analysis;
using TfRunner.TensorFlow.Calls;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>
/// A model in the eager runtime: functions, and those variables and tables that the prepared signatures reach. Shared by
/// the modes function, xla and eager of one loaded model, so that they see the same state.
/// </summary>
internal sealed class EagerModel : IDisposable
{
    private readonly Lock gate = new();
    private readonly SignatureReach reach;
    private readonly OpCatalog ops = OpCatalog.Current;
    private readonly ProgramBuilder builder;
    private readonly EagerResources resources;
    private readonly Dictionary<string, EagerProgram> programs = new(StringComparer.Ordinal);
    private readonly HashSet<string> functions = new(StringComparer.Ordinal);

    /// <param name="model">The model.</param>
    /// <param name="reach">What its signatures reach.</param>
    /// <param name="plan">How its variables are restored.</param>
    /// <param name="context">The runtime; disposed with this.</param>
    public EagerModel(SavedModel model, SignatureReach reach, RestorePlan plan, ContextHandle context)
    {
        this.reach = reach;
        builder = new(reach, ops, new(model));
        Context = context;
        resources = new(this, model, reach, new(model, reach, plan, ops));
        Bodies = new(this);
    }

    public ContextHandle Context { get; }

    public OpCatalog Ops => ops;

    /// <summary>The functions made ready for op-by-op execution.</summary>
    public EagerBodies Bodies { get; }

    /// <summary>The function of a signature, with its resources ready.</summary>
    public EagerProgram Program(SignatureWiring wiring)
    {
        lock (gate)
        {
            if (!programs.TryGetValue(wiring.Signature.Name, out var program))
            {
                var built = builder.Build(
                    string.Create(CultureInfo.InvariantCulture, $"__tfrunner_signature_{programs.Count}"),
                    [.. wiring.Feeds.Select(static f => (TensorName.Parse(f.TensorName), f.DType))],
                    [.. wiring.Fetches.Select(static f => (TensorName.Parse(f.TensorName), f.DType))],
                    []);
                Register(built.Function);
                program = new(built.Function, resources.Ready(built.Resources));
                programs.Add(wiring.Signature.Name, program);
            }

            return program;
        }
    }

    /// <summary>A function that only does something.</summary>
    public SignatureProgram Effect(string name, IReadOnlyList<(TensorName Tensor, DType Type)> feeds, string node)
    {
        var program = builder.Build(name, feeds, [], [node]);
        Register(program.Function);
        return program;
    }

    /// <summary>A function of the model's library, complete with default attributes.</summary>
    public FunctionDef Function(string name) => DefaultAttributes.Complete(reach.Functions[name], ops);

    /// <summary>Whether the model's library has a function of that name.</summary>
    public bool HasFunction(string name) => reach.Functions.ContainsKey(name);

    /// <summary>The definition of an op or function; null when there is none.</summary>
    public OpDef? Definition(string name) => reach.Functions.TryGetValue(name, out var function) ? function.Signature : ops.Find(name);

    public void Dispose()
    {
        Bodies.Dispose();
        resources.Dispose();
        Context.Dispose();
    }

    /// <summary>Makes a function known to the runtime, after those that it calls.</summary>
    private void Register(FunctionDef function)
    {
        foreach (var reached in reach.WithBodies(function.NodeDef).Where(static r => r.Function is not null))
        {
            if (functions.Add(reached.Function!))
            {
                Context.Add(Function(reached.Function!));
            }
        }

        Context.Add(function);
    }
}
