using CsCheck;
using TfRunner.Checkpoints;

namespace TfRunner.SavedModels.Tests.Checkpoints;

public sealed class IndexTableTests
{
    private static readonly Gen<(byte[] Key, byte[] Value)[]> Entries =
        Gen.Select(Gen.Byte[0, 4].Array[0, 40], Gen.Byte.Array[0, 60]).Array[0, 120].Select(static entries => entries
            .DistinctBy(static e => Convert.ToHexString(e.Item1))
            .OrderBy(static e => Convert.ToHexString(e.Item1), StringComparer.Ordinal)
            .ToArray());

    [Fact]
    public void What_is_written_is_read_whatever_the_blocks_and_restarts() =>
        Gen.Select(Entries, Gen.Int[1, 20], Gen.Int[1, 30], Gen.Bool).Sample(
            static (entries, restart, perBlock, compress) =>
            {
                var read = Read(IndexTableWriter.Write(entries, restart, perBlock, compress));
                Assert.Equal(entries.Select(Text), read.Select(Text));
            },
            iter: 300);

    [Fact]
    public void Any_flipped_byte_is_noticed_or_changes_nothing() =>
        Gen.Select(Entries, Gen.Int[0, 1_000_000], Gen.Byte[1, 255], Gen.Bool).Sample(
            static (entries, place, flip, compress) =>
            {
                var file = IndexTableWriter.Write(entries, compress: compress);
                file[place % file.Length] ^= flip;
                try
                {
                    Assert.Equal(entries.Select(Text), Read(file).Select(Text));
                }
                catch (TfRunnerException e)
                {
                    Assert.Equal(ErrorCode.DataLoss, e.Code);
                    Assert.Contains("byte", e.Message, StringComparison.Ordinal);
                }
            },
            iter: 500);

    [Fact]
    public void Keys_out_of_order_are_refused() =>
        Assert.Contains("order", Assert.Throws<TfRunnerException>(static () => Read(IndexTableWriter.Write([("b"u8.ToArray(), []), ("a"u8.ToArray(), [])]))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_truncated_table_is_refused()
    {
        var file = IndexTableWriter.Write([("a"u8.ToArray(), [1])]);
        Assert.Equal(ErrorCode.DataLoss, Assert.Throws<TfRunnerException>(() => Read(file[..^1])).Code);
    }

    private static string Text((byte[] Key, byte[] Value) entry) => Convert.ToHexString(entry.Key) + "=" + Convert.ToHexString(entry.Value);

    private static List<(byte[] Key, byte[] Value)> Read(byte[] file)
    {
        var entries = new List<(byte[] Key, byte[] Value)>();
        IndexTable.Visit("test.index", file, (_, key, value) => entries.Add((key.ToArray(), value.ToArray())));
        return entries;
    }
}
