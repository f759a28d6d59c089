using TfRunner.Data.Formats.Numpy;

namespace TfRunner.Data.Tests;

public sealed class NpyReaderTests
{
    [Fact]
    public void A_header_that_claims_more_than_the_file_has_is_refused_before_memory_is_taken()
    {
        using var stream = new MemoryStream(NpyHeader.Format("<f8", [1L << 40, 1L << 10]));
        var error = Assert.Throws<TfRunnerException>(() => NpyReader.Read(stream, "x.npy", stream.Length));
        Assert.Equal(ErrorCode.DataLoss, error.Code);
    }

    [Fact]
    public void A_formatted_header_reads_back()
    {
        using var stream = new MemoryStream(NpyHeader.Format("<i4", [3, 1, 2]));
        var header = NpyHeader.Read(stream, "x.npy");
        Assert.Equal((DType.Int32, "3 1 2", false), (header.DType, string.Join(' ', header.Dimensions), header.FortranOrder));
        Assert.Equal(0, stream.Position % 64);
        Assert.Equal(stream.Length, stream.Position);
    }
}
