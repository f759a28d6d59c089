namespace TfRunner.RecordedCases;

/// <summary>A SavedModel as text whose only signature applies one op to a float32 input <c>x</c> and gives <c>y</c>.</summary>
public static class OneOpModel
{
    /// <summary>Writes the model.</summary>
    /// <param name="directory">Where to; made where it is missing.</param>
    /// <param name="op">The op, with one input and one output.</param>
    /// <param name="attributes">The op's attributes as protobuf text.</param>
    /// <param name="dimensions">The shape of input and output; -1 for any size.</param>
    public static void Write(string directory, string op, string attributes, params IReadOnlyList<int> dimensions)
    {
        var shape = $"{{ {string.Concat(dimensions.Select(static d => $"dim {{ size: {d} }} "))}}}";
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "saved_model.pbtxt"), $$"""
            saved_model_schema_version: 1
            meta_graphs {
              meta_info_def { tags: "serve" }
              graph_def {
                node {
                  name: "x" op: "Placeholder"
                  attr { key: "dtype" value { type: DT_FLOAT } }
                  attr { key: "shape" value { shape {{shape}} } }
                }
                node { name: "y" op: "{{op}}" input: "x" {{attributes}} }
                versions { producer: 2000 }
              }
              signature_def {
                key: "serving_default"
                value {
                  inputs { key: "x" value { name: "x:0" dtype: DT_FLOAT tensor_shape {{shape}} } }
                  outputs { key: "y" value { name: "y:0" dtype: DT_FLOAT tensor_shape {{shape}} } }
                  method_name: "tensorflow/serving/predict"
                }
              }
            }
            """);
    }
}
