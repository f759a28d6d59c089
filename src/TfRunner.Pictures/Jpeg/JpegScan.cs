namespace TfRunner.Pictures.Jpeg;

/// <summary>A scan header's content, and the tables in force.</summary>
internal sealed record JpegScan(JpegComponent[] Components, HuffmanTable?[] Dc, HuffmanTable?[] Ac, int First, int Last, int High, int Low, int RestartInterval);
