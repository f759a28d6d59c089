using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TfRunner.Measurement;

namespace TfRunner.Cli.Commands;

/// <summary>Options of the measuring commands: times, shares and lists of sizes, written as people write them.</summary>
internal static class MeasuredOptions
{
    public static Option<TimeInterval> Time(string name, string description, string defaultText)
    {
        var standard = TimeInterval.TryParse(defaultText, out var known) ? known : default;
        return new(name)
        {
            Description = $"{description}, such as 500ms, 30s or 2min (default: {defaultText})",
            HelpName = "TIME",
            DefaultValueFactory = _ => standard,
            CustomParser = result => TimeInterval.TryParse(Token(result), out var value) && value.Nanoseconds > 0
                ? value
                : Refuse<TimeInterval>(result, $"{name} takes a time such as 500ms or 30s, not '{Token(result)}'"),
        };
    }

    public static Option<Percentage> Share(string name, string description, string? defaultText)
    {
        var standard = Percentage.TryParse(defaultText, out var known) ? known : default;
        return new(name)
        {
            Description = $"{description} (0% to 1000%; default: {defaultText ?? "none"})",
            HelpName = "P%",
            DefaultValueFactory = _ => standard,
            CustomParser = result => Percentage.TryParse(Token(result), out var value) && value.Fraction <= 10
                ? value
                : Refuse<Percentage>(result, $"{name} takes a percentage such as 5%, not '{Token(result)}'"),
        };
    }

    public static Option<int[]> Sizes(string name, string description, int most, string defaultText) => new(name)
    {
        Description = $"{description}, separated by commas (each 1 to {most.ToString(CultureInfo.InvariantCulture)}; default: {defaultText})",
        HelpName = "N,N",
        DefaultValueFactory = static _ => [],
        CustomParser = result =>
        {
            var numbers = new List<int>();
            foreach (var part in Token(result).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1 || number > most)
                {
                    return Refuse<int[]>(result, $"{name} takes whole numbers from 1 to {most.ToString(CultureInfo.InvariantCulture)} separated by commas, not '{Token(result)}'")!;
                }

                numbers.Add(number);
            }

            return [.. numbers.Distinct()];
        },
    };

    public static Option<double> Number(string name, string description, double least, double most, double standard)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        return new(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} ({range}; default: {(standard == 0 ? "none" : standard.ToString(CultureInfo.InvariantCulture))})"),
            HelpName = "X",
            DefaultValueFactory = _ => standard,
            CustomParser = result => double.TryParse(Token(result), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
                ? value
                : Refuse<double>(result, $"{name} takes a number from {range}, not '{Token(result)}'"),
        };
    }

    /// <summary>A file to write; without a value, standard output.</summary>
    public static Option<string?> Target(string name, string what) => new(name)
    {
        Description = $"write {what} to a file; without one, or with -, to standard output (default: off)",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static result => result.Tokens.Count > 0 ? result.Tokens[0].Value : "-",
    };

    private static string Token(ArgumentResult result) => result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;

    private static T? Refuse<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
