using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using TfRunner.Checkpoints;
using TfRunner.RecordedCases;

namespace TfRunner.SavedModels.Tests.Checkpoints;

/// <summary>Compares with what Python read: scripts/record-checkpoint-facts.py.</summary>
public sealed class RecordedCheckpointTests
{
    private static readonly JsonElement Facts =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Recorded", "checkpoints.json"))).RootElement;

    public static IEnumerable<TheoryDataRow<string>> Models() => SharedFolder.IsPresent
        ? Facts.EnumerateObject().Select(static m => new TheoryDataRow<string>(m.Name))
        : [new("-") { Skip = SharedFolder.Absent }];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_tensor_is_what_Python_reads(string model)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(RecordedModel.Find(model).SavedModelDirectory, "variables", "variables"));
        var expected = Facts.GetProperty(model).EnumerateObject().Select(static t => $"{t.Name} {t.Value.GetRawText()}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, checkpoint.Entries.Select(e => Describe(checkpoint, e)).Order(StringComparer.Ordinal));
    }

    private static string Describe(Checkpoint checkpoint, CheckpointEntry entry)
    {
        using var value = checkpoint.Read(entry.Name);
        var digest = Convert.ToHexStringLower(SHA256.HashData(value.IsString ? Joined(value) : value.Bytes))[..12];
        return FormattableString.Invariant($"{entry.Name} [\"{entry.DType.Name()}\",[{string.Join(",", value.Dimensions.ToArray())}],\"{digest}\"]");
    }

    private static byte[] Joined(TensorValue value)
    {
        var joined = new List<byte>();
        foreach (var element in value.Strings)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, element.Length);
            joined.AddRange(length);
            joined.AddRange(element);
        }

        return [.. joined];
    }
}
