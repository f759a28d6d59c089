using System.Buffers.Binary;
using System.Text.Json;
using TfRunner.RecordedCases;

namespace TfRunner.Acceptance.Tests;

/// <summary>Pictures that cannot be read among many that can: each is named, and nothing else is lost.</summary>
public sealed class BadPicturesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tfrunner-test-").FullName;

    private static string Photo => Path.Combine(SharedFolder.Path!, "data", "photos", "china.jpg");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("truncated.jpg", "premature end of JPEG image")]
    [InlineData("half.png", "hint: the file is damaged or cut off")]
    [InlineData("empty.png", "is empty")]
    [InlineData("text.jpg", "is no picture that can be decoded")]
    [InlineData("bomb.jpg", "claims 65500 x 65500 pixels")]
    [InlineData("bomb.png", "claims 60000 x 60000 pixels")]
    public async Task The_first_one_ends_the_run_with_its_name(string name, string message)
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        CopyDigits();
        await File.WriteAllBytesAsync(Path.Combine(Pictures("4"), name), Bad(name), TestContext.Current.CancellationToken);
        var run = await Predict("stop");
        Assert.Equal(4, run.ExitCode);
        Assert.Contains($"error: {Path.Combine(Pictures("4"), name)}", run.Errors, StringComparison.Ordinal);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(folder, "out.csv")));
    }

    [Fact]
    public async Task Quarantine_notes_each_and_keeps_all_others()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        CopyDigits();
        string[] names = ["bomb.jpg", "bomb.png", "empty.png", "half.png", "text.jpg", "truncated.jpg"];
        foreach (var name in names)
        {
            await File.WriteAllBytesAsync(Path.Combine(Pictures("7"), name), Bad(name), TestContext.Current.CancellationToken);
        }

        var run = await Predict("quarantine");
        Assert.Equal(0, run.ExitCode);
        var rows = await File.ReadAllLinesAsync(Path.Combine(folder, "out.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(397, rows.Length - 1);
        Assert.Equal(0.992, rows[1..].Count(IsRight) / 397.0, 3);
        var notes = await File.ReadAllLinesAsync(Path.Combine(folder, "out.csv.errors.jsonl"), TestContext.Current.CancellationToken);
        Assert.Equal(names.Length, notes.Length);
        Assert.All(notes.Zip(names), p => Assert.Contains(Path.Combine(Pictures("7"), p.Second), JsonDocument.Parse(p.First).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal));
    }

    // The label is the first column; the likeliest class must be it.
    private static bool IsRight(string row)
    {
        var columns = row.Split(',');
        var chances = Array.ConvertAll(columns[1..], static c => double.Parse(c, System.Globalization.CultureInfo.InvariantCulture));
        return Array.IndexOf(chances, chances.Max()).ToString(System.Globalization.CultureInfo.InvariantCulture) == columns[0];
    }

    private static byte[] Bad(string name)
    {
        switch (name)
        {
            case "truncated.jpg":
                return File.ReadAllBytes(Photo)[..100_000];
            case "half.png":
                return File.ReadAllBytes(Directory.GetFiles(Path.Combine(SharedFolder.Path!, "data", "digits_png", "0"))[0])[..60];
            case "text.jpg":
                return "hello"u8.ToArray();
            case "bomb.jpg":
                var photo = File.ReadAllBytes(Photo);
                var frame = photo.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
                BinaryPrimitives.WriteUInt16BigEndian(photo.AsSpan(frame + 5), 65500);
                BinaryPrimitives.WriteUInt16BigEndian(photo.AsSpan(frame + 7), 65500);
                return photo;
            case "bomb.png":
                return PngHeader(60000);
            default:
                return [];
        }
    }

    // The signature and a header chunk of RGB, then nothing.
    private static byte[] PngHeader(uint side)
    {
        byte[] header = [.. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), side);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), side);
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc(header));
        return [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. header, .. crc, 0, 0, 0, 1, .. "IDAT"u8, 0, 0, 0, 0, 0];
    }

    // CRC-32 as PNG has it.
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }

        return ~crc;
    }

    private string Pictures(string label) => Path.Combine(folder, "pictures", label);

    private void CopyDigits()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(SharedFolder.Path!, "data", "digits_png"), "*.png", SearchOption.AllDirectories))
        {
            var label = Pictures(Path.GetFileName(Path.GetDirectoryName(file)!));
            Directory.CreateDirectory(label);
            File.WriteAllBytes(Path.Combine(label, Path.GetFileName(file)), File.ReadAllBytes(file));
        }
    }

    private Task<CommandProcess> Predict(string onError) => CommandProcess.Run(
        "predict",
        RecordedModel.Find("digits_cnn").SavedModelDirectory,
        "--engine",
        "onnx",
        "--input",
        Path.Combine(folder, "pictures"),
        "--preprocess",
        "scale:1/256",
        "--keep",
        "label",
        "--on-error",
        onError,
        "--output",
        Path.Combine(folder, "out.csv"),
        "--quiet");
}
