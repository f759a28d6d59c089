using System.Text;
using Google.Protobuf;
using TfRunner.SavedModels.Protos;

namespace TfRunner.SavedModels.Tests;

/// <summary>A bare GraphDef is a model without signatures, whose nodes are fed and fetched by name.</summary>
public sealed class FrozenGraphTests : IDisposable
{
    private readonly ScratchFolder scratch = new();

    [Fact]
    public void A_frozen_graph_has_nodes_to_feed_and_fetch_and_no_signature()
    {
        using var model = SavedModel.Open(Frozen());

        Assert.True(model.IsFrozenGraph);
        Assert.Empty(model.Signatures);
        Assert.Empty(model.Tags);
        Assert.Equal("x", Assert.Single(model.FeedCandidates()).Name);
        Assert.Equal("y", Assert.Single(model.FetchCandidates()).Name);
        var signature = model.AdHocSignature(["x:0"], ["y"]);
        Assert.Equal(DType.Float32, signature.Inputs[0].DType);
        Assert.Equal(DType.Float32, signature.Outputs[0].DType);
    }

    [Fact]
    public void Asked_for_a_signature_it_says_what_it_is_and_what_to_do()
    {
        using var model = SavedModel.Open(Frozen());
        var error = Assert.Throws<TfRunnerException>(() => model.Signature());

        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains("frozen.pb has no signatures: it is a frozen graph", error.Message, StringComparison.Ordinal);
        Assert.Contains("--feed, --fetch", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_lies_beside_it_is_no_part_of_it()
    {
        scratch.Write("variables/variables.index", [1, 2, 3]);
        scratch.Write("keras_metadata.pb", [0xff]);
        scratch.Write("fingerprint.pb", [0xff]);
        using var model = SavedModel.Open(Frozen());

        Assert.Null(model.Checkpoint);
        Assert.Null(model.Keras);
        Assert.Null(model.Fingerprint);
    }

    [Fact]
    public void A_frozen_graph_under_the_name_of_a_SavedModel_is_read_too()
    {
        scratch.Write("saved_model.pb", File.ReadAllBytes(Frozen()));
        using var model = SavedModel.Open(scratch.Path);

        Assert.True(model.IsFrozenGraph);
    }

    [Theory]
    [InlineData("node {\n  name: \"x\"\n  op: \"Placeholder\"\n  attr { key: \"dtype\" value { type: DT_FLOAT } }\n}\n", "")]
    [InlineData("# by hand\nversions { producer: 1000 }\nnode: <name: 'x', op: 'Placeholder', attr: {key: 'dtype' value: {type: 1}}>", ";")]
    public void A_frozen_graph_as_text_is_read_as_its_binary_form_is(string placeholder, string between)
    {
        const string Rest = "node { name: \"y\" op: \"Identity\" input: \"x\" attr { key: \"T\" value { type: DT_FLOAT } } }";
        using var model = SavedModel.Open(scratch.Write("frozen.pbtxt", Encoding.UTF8.GetBytes(placeholder + between + Rest)));

        Assert.True(model.IsFrozenGraph);
        Assert.Equal("x", Assert.Single(model.FeedCandidates()).Name);
        Assert.Equal("y", Assert.Single(model.FetchCandidates()).Name);
        Assert.Equal(DType.Float32, model.AdHocSignature(["x"], ["y"]).Outputs[0].DType);
    }

    [Theory]
    [InlineData("node { name: \"x\" op: \"Placeholder\" attr { key: ", "frozen.pbtxt")]
    [InlineData("notes: \"about a model\"", "holds no meta graph")]
    [InlineData("node { name: \"x\" }", "holds no meta graph")]
    public void A_text_that_is_no_whole_graph_is_damaged(string text, string told)
    {
        var file = scratch.Write("frozen.pbtxt", Encoding.UTF8.GetBytes(text));
        var error = Assert.Throws<TfRunnerException>(() => SavedModel.Open(file));

        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_graph_that_was_cut_off_is_damaged()
    {
        var file = Frozen();
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);

        Assert.Equal(ErrorCode.DataLoss, Assert.Throws<TfRunnerException>(() => SavedModel.Open(file)).Code);
    }

    [Fact]
    public void Tags_cannot_be_chosen()
    {
        var error = Assert.Throws<TfRunnerException>(() => SavedModel.Open(Frozen(), new() { Tags = ["serve"] }));

        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains("(no tags)", error.Hint, StringComparison.Ordinal);
    }

    public void Dispose() => scratch.Dispose();

    private string Frozen()
    {
        var type = new AttrValue { Type = DataType.DtFloat };
        var graph = new GraphDef
        {
            Node =
            {
                new NodeDef { Name = "x", Op = "Placeholder", Attr = { ["dtype"] = type } },
                new NodeDef { Name = "y", Op = "Identity", Input = { "x" }, Attr = { ["T"] = type } },
            },
        };
        return scratch.Write("frozen.pb", graph.ToByteArray());
    }
}
