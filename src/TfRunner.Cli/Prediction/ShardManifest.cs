using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace TfRunner.Cli.Prediction;

/// <summary>What a file beside a part's output says about it, so that parts are joined only with those they belong to.</summary>
/// <param name="Index">The part, from 0.</param>
/// <param name="Count">How many parts there are.</param>
/// <param name="Rows">Rows in the part.</param>
/// <param name="Failed">Positions in the input, from the first row asked for, of the part's rows that could not be read; ascending.</param>
/// <param name="Run">A hash of everything that the results depend on.</param>
internal sealed record ShardManifest(int Index, int Count, long Rows, IReadOnlyList<long> Failed, string Run)
{
    /// <summary>Where the manifest of an output is.</summary>
    public static string PathOf(string output) => output + ".shard.json";

    /// <summary>Writes the manifest of a finished part.</summary>
    public static void Write(string output, Shard shard, long rows, IReadOnlyList<long> failed, IEnumerable<string> fingerprint)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', fingerprint))));
        var partial = PathOf(output) + ".partial";
        File.WriteAllText(partial, JsonSerializer.Serialize(new ShardManifest(shard.Index, shard.Count, rows, failed, hash)));
        File.Move(partial, PathOf(output), overwrite: true);
    }

    /// <summary>Reads the manifest of an output.</summary>
    /// <exception cref="TfRunnerException">NotFound when the file is no finished part.</exception>
    public static ShardManifest Read(string output)
    {
        try
        {
            return JsonSerializer.Deserialize<ShardManifest>(File.ReadAllText(PathOf(output))) ?? throw new JsonException();
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw TfRunnerException.ForData(ErrorCode.NotFound, $"{output} is no finished part: {PathOf(output)} cannot be read", "parts come from predict --shard", e);
        }
    }
}
