using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Eager;

/// <summary>The functions of a model, each made ready for op-by-op execution when it is entered first.</summary>
internal sealed class EagerBodies(EagerModel model) : IDisposable
{
    private readonly Lock gate = new();
    private volatile Dictionary<string, EagerBody> bodies = new(StringComparer.Ordinal);

    /// <summary>A function's body. Allocates nothing once the function has been entered.</summary>
    /// <param name="function">The name of a function in the model's library.</param>
    public EagerBody Get(string function) => bodies.TryGetValue(function, out var body) ? body : Add(function, model.Function(function));

    /// <summary>The body of a signature's own function.</summary>
    public EagerBody Get(FunctionDef function) =>
        bodies.TryGetValue(function.Signature.Name, out var body) ? body : Add(function.Signature.Name, function);

    public void Dispose()
    {
        foreach (var body in bodies.Values)
        {
            body.Dispose();
        }
    }

    private EagerBody Add(string name, FunctionDef function)
    {
        lock (gate)
        {
            if (!bodies.TryGetValue(name, out var body))
            {
                body = new BodyCompiler(model, function).Compile();

                // Readers take no lock: they see the old set or the new one.
                bodies = new(bodies, StringComparer.Ordinal) { [name] = body };
            }

            return body;
        }
    }
}
