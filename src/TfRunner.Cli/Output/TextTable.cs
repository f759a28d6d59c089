using Spectre.Console;
using Spectre.Console.Rendering;

namespace TfRunner.Cli.Output;

/// <summary>Tables of plain text, aligned, without borders or colour, that read the same in a terminal and in a file.</summary>
internal static class TextTable
{
    /// <summary>Writes a table.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="headers">The column names; one that starts with <c>&gt;</c> is aligned to the right, without that sign.</param>
    /// <param name="rows">The cells.</param>
    public static void Write(TextWriter writer, IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var header in headers)
        {
            var right = header.StartsWith('>');
            table.AddColumn(new TableColumn(new Text(right ? header[1..] : header))
            {
                Alignment = right ? Justify.Right : Justify.Left,
                NoWrap = true,
                Padding = new Padding(0, 0, 3, 0),
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(static cell => (IRenderable)new Text(cell)));
        }

        var buffer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(buffer),
        });

        // Cells are never wrapped: a line longer than the terminal is the reader's to fold.
        console.Profile.Width = 4000;
        console.Write(table);
        foreach (var line in buffer.ToString().TrimEnd('\n', '\r').Split('\n'))
        {
            writer.WriteLine(line.TrimEnd());
        }
    }
}
