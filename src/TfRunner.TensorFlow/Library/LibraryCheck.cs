using System.Globalization;
using System.Text.RegularExpressions;

namespace TfRunner.TensorFlow.Library;

/// <summary>Which versions of TensorFlow are accepted.</summary>
internal static partial class LibraryCheck
{
    /// <summary>The oldest version whose C API has everything that is required.</summary>
    public static readonly Version Oldest = new(2, 10);

    /// <summary>Judges a version.</summary>
    /// <param name="version">As TF_Version gives it, such as <c>2.21.0</c> or <c>2.16.0-rc1</c>.</param>
    /// <returns>Why it is refused; null when it is accepted.</returns>
    public static string? Problem(string version)
    {
        var match = NumberPattern().Match(version);
        if (!match.Success)
        {
            return $"its version '{version}' cannot be read";
        }

        var parsed = new Version(Number(match.Groups[1]), Number(match.Groups[2]));
        return parsed < Oldest ? $"it is TensorFlow {version}; {Oldest} or later is needed" : null;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d{1,6})\.(\d{1,6})")]
    private static partial Regex NumberPattern();
}
