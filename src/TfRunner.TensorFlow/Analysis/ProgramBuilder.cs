using System.Globalization;
using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.TensorFlow.Analysis;

/// <summary>
/// Cuts the part out of the main graph that computes some tensors and makes a function of it. Resources become arguments;
/// variables of TensorFlow 1 become resources, and what used their references reads or writes the resource instead.
/// </summary>
/// <param name="reach">The graph.</param>
/// <param name="ops">The ops of the library.</param>
/// <param name="assets">The nodes that name the model's files.</param>
internal sealed class ProgramBuilder(SignatureReach reach, OpCatalog ops, AssetNodes assets)
{
    /// <summary>Makes the function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="feeds">The tensors that are given, with their types.</param>
    /// <param name="fetches">The tensors that it gives, with their types.</param>
    /// <param name="effects">Nodes that it runs for what they do.</param>
    /// <returns>The function and its resources.</returns>
    /// <exception cref="TfRunnerException">Unimplemented, naming the op, for what a function cannot hold.</exception>
    public SignatureProgram Build(
        string name, IReadOnlyList<(TensorName Tensor, DType Type)> feeds, IReadOnlyList<(TensorName Tensor, DType Type)> fetches, IReadOnlyList<string> effects)
    {
        var fed = feeds.Select(static f => f.Tensor).ToHashSet();
        var targets = fetches.Select(static f => f.Tensor).Concat(effects.Select(static e => new TensorName(e, -1)));
        var body = new ProgramBody(reach, ops, assets, reach.MainNodes(targets, fed));
        for (var i = 0; i < feeds.Count; i++)
        {
            body.Feed(feeds[i].Tensor, string.Create(CultureInfo.InvariantCulture, $"feed_{i}"));
        }

        body.Rewrite();

        var function = new FunctionDef { Signature = new() { Name = name, IsStateful = true } };
        for (var i = 0; i < feeds.Count; i++)
        {
            function.Signature.InputArg.Add(new OpDef.Types.ArgDef
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"feed_{i}"),
                Type = (DataType)feeds[i].Type,
            });
        }

        for (var i = 0; i < body.Resources.Count; i++)
        {
            function.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = ProgramBody.ResourceArgument(i), Type = DataType.DtResource });
        }

        for (var i = 0; i < fetches.Count; i++)
        {
            var output = string.Create(CultureInfo.InvariantCulture, $"out_{i}");
            function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = output, Type = (DataType)fetches[i].Type });
            function.Ret[output] = body.Reference(body.Value(fetches[i].Tensor, "fetch"));
        }

        foreach (var effect in effects)
        {
            function.Signature.ControlOutput.Add(effect);
            function.ControlRet[effect] = effect;
        }

        function.NodeDef.AddRange(body.Nodes());
        return new(function, body.Resources);
    }

    internal static AttrValue Text(string value) => new() { S = ByteString.CopyFromUtf8(value) };
}
