using System.Globalization;
using TfRunner.SavedModels.Protos;

namespace TfRunner.Graphs;

/// <summary>
/// The outputs of TensorFlow's ops. A model lists the ops of its main graph, but often not those that only its functions
/// use. Facts from TensorFlow 2.21's op registry.
/// </summary>
internal static class OpOutputs
{
    private static readonly Lazy<Dictionary<string, OpDef>> Table = new(Read);

    /// <summary>Finds an op.</summary>
    /// <param name="op">Its name.</param>
    /// <returns>A definition with outputs and the defaults of their types; null for unknown ops.</returns>
    public static OpDef? Find(string op) => Table.Value.GetValueOrDefault(op);

    private static Dictionary<string, OpDef> Read()
    {
        using var stream = typeof(OpOutputs).Assembly.GetManifestResourceStream("op-outputs.txt")!;
        using var reader = new StreamReader(stream);
        var table = new Dictionary<string, OpDef>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var parts = line.Split(' ');
            var definition = new OpDef { Name = parts[0] };
            foreach (var part in parts.Skip(1))
            {
                Add(definition, part);
            }

            table.Add(parts[0], definition);
        }

        return table;
    }

    private static void Add(OpDef definition, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var argument = new OpDef.Types.ArgDef { Name = text[..colon] };
        var type = text[(colon + 1)..];
        if (type.IndexOf('*', StringComparison.Ordinal) is var star and > 0)
        {
            argument.NumberAttr = type[(star + 1)..];
            type = type[..star];
        }

        if (type[0] == '[')
        {
            argument.TypeListAttr = type[1..^1];
        }
        else if (type[0] == '@')
        {
            var parts = type[1..].Split('=');
            argument.TypeAttr = parts[0];
            if (parts.Length > 1)
            {
                var number = int.Parse(parts[1], CultureInfo.InvariantCulture);
                definition.Attr.Add(new OpDef.Types.AttrDef { Name = parts[0], DefaultValue = new AttrValue { Type = (DataType)number } });
            }
        }
        else
        {
            argument.Type = (DataType)int.Parse(type, CultureInfo.InvariantCulture);
        }

        definition.OutputArg.Add(argument);
    }
}
