using Google.Protobuf;

namespace TfRunner.Data.Formats.TfRecord;

/// <summary>
/// Reads tf.Example messages: Example.features = 1, Features.feature = 1 (a map: key 1, value 2), Feature's bytes_list = 1,
/// float_list = 2, int64_list = 3, each list's value = 1, packed or not.
/// </summary>
internal static class ExampleParser
{
    private const uint Message1 = (1 << 3) | 2;
    private const uint Message2 = (2 << 3) | 2;
    private const uint Message3 = (3 << 3) | 2;
    private const uint Fixed1 = (1 << 3) | 5;
    private const uint Varint1 = 1 << 3;

    public static Dictionary<string, ExampleFeature> Parse(byte[] example, string source)
    {
        var features = new Dictionary<string, ExampleFeature>(StringComparer.Ordinal);
        try
        {
            Each(new CodedInputStream(example), (tag, input) => tag == Message1 && Each(Inner(input), (t, inner) => t == Message1 && Entry(inner, features)));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw TfRunnerException.ForData(ErrorCode.DataLoss, $"{source} is no tf.Example: {e.Message}", "records hold serialized tf.Example messages", e);
        }

        return features;
    }

    private static CodedInputStream Inner(CodedInputStream input) => input.ReadBytes().CreateCodedInput();

    private static bool Each(CodedInputStream input, Func<uint, CodedInputStream, bool> read)
    {
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (!read(tag, input))
            {
                input.SkipLastField();
            }
        }

        return true;
    }

    private static bool Entry(CodedInputStream input, Dictionary<string, ExampleFeature> features)
    {
        var key = string.Empty;
        var feature = new ExampleFeature();
        Each(Inner(input), (tag, entry) =>
        {
            switch (tag)
            {
                case Message1:
                    key = entry.ReadString();
                    return true;
                case Message2:
                    return Each(Inner(entry), (kind, value) => Feature(kind, value, feature));
                default:
                    return false;
            }
        });
        features[key] = feature;
        return true;
    }

    private static bool Feature(uint kind, CodedInputStream input, ExampleFeature feature)
    {
        switch (kind)
        {
            case Message1:
                feature.Bytes ??= [];
                return Each(Inner(input), (tag, list) =>
                {
                    if (tag != Message1)
                    {
                        return false;
                    }

                    feature.Bytes.Add(list.ReadBytes().ToByteArray());
                    return true;
                });
            case Message2:
                feature.Floats ??= [];
                return Each(Inner(input), (tag, list) => Numbers(tag, list, Fixed1, feature.Floats, static l => l.ReadFloat()));
            case Message3:
                feature.Integers ??= [];
                return Each(Inner(input), (tag, list) => Numbers(tag, list, Varint1, feature.Integers, static l => l.ReadInt64()));
            default:
                return false;
        }
    }

    private static bool Numbers<T>(uint tag, CodedInputStream list, uint single, List<T> values, Func<CodedInputStream, T> read)
    {
        if (tag == single)
        {
            values.Add(read(list));
            return true;
        }

        if (tag != Message1)
        {
            return false;
        }

        var packed = Inner(list);
        while (!packed.IsAtEnd)
        {
            values.Add(read(packed));
        }

        return true;
    }
}
