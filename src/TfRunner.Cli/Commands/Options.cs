using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace TfRunner.Cli.Commands;

/// <summary>Options that state their range and default in the help text and keep to it.</summary>
internal static class Options
{
    /// <summary>An optional whole number.</summary>
    /// <param name="name">Such as <c>--threads</c>.</param>
    /// <param name="description">What it does, without range and default.</param>
    /// <param name="least">The least value.</param>
    /// <param name="most">The greatest value.</param>
    /// <param name="defaultText">What happens without it.</param>
    /// <returns>The option.</returns>
    public static Option<int?> WholeNumber(string name, string description, int least, int most, string defaultText)
    {
        var option = new Option<int?>(name)
        {
            Description = $"{description} ({least} to {most}; default: {defaultText})",
            HelpName = "N",
            CustomParser = result => Parse(result, name, least, most),
        };
        return option;
    }

    private static int? Parse(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }

        result.AddError($"{name} takes a whole number from {least} to {most}, not '{text}'");
        return null;
    }
}
