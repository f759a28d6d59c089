using System.Text;
using CsCheck;
using Google.Protobuf;
using TfRunner.RecordedCases;
using TfRunner.SavedModels.Protos;
using TfRunner.TextFormat;

namespace TfRunner.SavedModels.Tests.TextFormat;

public sealed class TextFormatTests
{
    private static readonly IGen<string>[] Fragments =
        [.. new[] { "name", "attr", "{", "}", "<", ">", ":", "[", "]", "'a'", "3", "-", "inf", "value", "i", "," }.Select(static f => Gen.Const(f))];

    private static readonly Gen<TensorProto> Tensors = Gen.Select(
        Gen.Byte.Array[0, 30], Gen.Float.Array[0, 5], Gen.Double.Array[0, 5], Gen.Int.Array[0, 5], Gen.Long.Array[0, 5], Gen.ULong.Array[0, 5], Gen.Bool.Array[0, 5], Gen.Enum<DataType>())
        .Select(static (bytes, floats, doubles, ints, longs, ulongs, bools, dtype) => new TensorProto
        {
            Dtype = dtype,
            TensorContent = ByteString.CopyFrom(bytes),
            FloatVal = { floats },
            DoubleVal = { doubles },
            IntVal = { ints },
            Int64Val = { longs },
            Uint64Val = { ulongs },
            BoolVal = { bools },
            StringVal = { ByteString.CopyFrom(bytes), ByteString.Empty },
        });

    [Fact]
    public void Whatever_is_printed_is_read_back() =>
        Gen.Select(Tensors, Gen.String[0, 20], Gen.Int).Sample(
            static (tensor, name, seed) =>
            {
                var attribute = new AttrValue { List = new() { Tensor = { tensor, new TensorProto() }, S = { ByteString.CopyFromUtf8("it's") } } };
                var node = new NodeDef { Name = new string([.. name.Where(static c => !char.IsSurrogate(c))]), Attr = { ["value"] = new() { Tensor = tensor }, ["list"] = attribute } };
                Assert.Equal(node.ToByteString(), Read<NodeDef>(TextPrinter.Print(node, seed), NodeDef.Parser).ToByteString());
            },
            iter: 1000);

    [Theory]
    [MemberData(nameof(VisibleModels.Readable), MemberType = typeof(VisibleModels))]
    public void Every_model_printed_as_text_is_the_same_model(string name)
    {
        using var model = SavedModel.Open(RecordedModel.Find(name).SavedModelDirectory);
        var known = MetaGraphDef.Parser.WithDiscardUnknownFields(true).ParseFrom(model.MetaGraph.ToByteString());
        Assert.Equal(known, Read(TextPrinter.Print(known, 7), MetaGraphDef.Parser));
    }

    [Theory]
    [InlineData("name: 'a' \"b\"\n'c'", "abc")]
    [InlineData("name: \"\\101\\x42\\u0043\\U00000044\\n\\?\"", "ABCD\n?")]
    [InlineData("# first\nname:\"x\"# last", "x")]
    [InlineData("unknown: 3 other { deep < a: [1, 2] b: 'x' 'y' >; c: -inf } name: 'x'", "x")]
    [InlineData("[some.extension] { a: 1 } [type.googleapis.com/a.B] { b: 2 } name: 'x',", "x")]
    [InlineData("unknown: [{a: 1}, <b: 2>] name: 'x';", "x")]
    public void Forms_of_the_format_are_read(string text, string name) => Assert.Equal(name, Read(text, NodeDef.Parser).Name);

    [Theory]
    [InlineData("name: 'x", "does not end")]
    [InlineData("name 'x'", "':' is missing")]
    [InlineData("name: 'x' }", "ends twice")]
    [InlineData("attr { key: 'a' ", "'}' is missing")]
    [InlineData("attr { key: 'a' value { i: 99999999999999999999 } }", "integer")]
    [InlineData("attr { key: 'a' value { type: DT_NOTHING } }", "no value 'DT_NOTHING'")]
    [InlineData("name: \"\\q\"", "unknown escape")]
    public void Errors_name_line_and_column(string text, string what)
    {
        var error = Assert.Throws<TfRunnerException>(() => Read("\n\n" + text, NodeDef.Parser));
        Assert.Equal(ErrorCode.DataLoss, error.Code);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("line ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attr{value{list{func{")]
    [InlineData("unknown{")]
    public void Depth_is_bounded(string step) =>
        Assert.Throws<TfRunnerException>(() => Read(string.Concat(Enumerable.Repeat(step, 100_000)), NodeDef.Parser));

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Gen.OneOf(Gen.String[Gen.Char[' ', '~'], 0, 60], Gen.OneOf(Fragments).Array[0, 30].Select(static t => string.Join(" ", t))).Sample(
            static text =>
            {
                try
                {
                    _ = TextFormatReader.ToBinary("f", Encoding.UTF8.GetBytes(text), NodeDef.Descriptor);
                }
                catch (TfRunnerException)
                {
                    // Refused, as most of it must be.
                }
            },
            iter: 5000);

    private static T Read<T>(string text, MessageParser<T> parser)
        where T : class, IMessage<T>, new() =>
        parser.ParseFrom(TextFormatReader.ToBinary("test.pbtxt", Encoding.UTF8.GetBytes(text), new T().Descriptor));
}
