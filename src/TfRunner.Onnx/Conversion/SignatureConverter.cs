using TfRunner.Onnx.Conversion.Binding;
using TfRunner.Onnx.Conversion.Flow;
using TfRunner.Onnx.Conversion.Folding;
using TfRunner.Onnx.Conversion.Programs;

namespace TfRunner.Onnx.Conversion;

/// <summary>The way of a conversion: import and inline, bind variables and tables, fold constants, split, convert, optimise.</summary>
internal static class SignatureConverter
{
    /// <summary>Converts a signature.</summary>
    /// <param name="model">The model; stays open as long as the result is used, which has views of its weights.</param>
    /// <param name="signature">One of its signatures.</param>
    /// <param name="options">How.</param>
    /// <returns>The program, or what stands in its way.</returns>
    /// <exception cref="TfRunnerException">The model is damaged, or a variable has no value.</exception>
    public static ConversionResult Convert(SavedModel model, Signature signature, ConversionOptions options)
    {
        var importer = new FlowImporter(model);
        var state = new StateBinder(model, importer);
        var graph = importer.Import(signature);
        if (!options.KeepsChecks)
        {
            DropChecks(graph);
        }

        UnseenWrites.Drop(model, signature, graph, state);
        new FlowFolder(state).Fold(graph);
        var compiler = new ProgramCompiler(options);
        var program = compiler.Compile(graph, graph.Inputs, signature);
        return new(program, [.. compiler.Obstacles], [.. compiler.HostParts]);
    }

    private static void DropChecks(FlowGraph graph)
    {
        foreach (var inner in graph.Order().SelectMany(static n => n.Graphs))
        {
            DropChecks(inner);
        }

        graph.Effects.RemoveAll(static e => e.Op == "Assert" || (e.Graphs.Count > 0 && e.Graphs.All(static g => g.Effects.Count == 0)));
    }
}
