using System.Text.RegularExpressions;

namespace TfRunner.Acceptance.Tests;

/// <summary>The help of every command: each option that takes a value says its default, once.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("inspect")]
    [InlineData("predict")]
    [InlineData("merge")]
    [InlineData("diff")]
    [InlineData("bench")]
    [InlineData("compare")]
    [InlineData("sweep")]
    [InlineData("profile")]
    [InlineData("convert")]
    [InlineData("doctor")]
    [InlineData("native", "install")]
    [InlineData("native", "list")]
    public async Task Every_option_with_a_value_says_its_default_once(params string[] command)
    {
        var (exitCode, output, errors) = await CommandProcess.Run([.. command, "--help"]);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("error:", errors, StringComparison.Ordinal);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
        Assert.All(
            output.Split('\n').Where(static line => Regex.IsMatch(line, @"^  (-., )?--\S+ <[^>]+>")),
            static line => Assert.True(Regex.Count(line, @"default: |\(required\)|\(REQUIRED\)") == 1, line));
    }
}
