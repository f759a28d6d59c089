using System.Globalization;
using System.Text;
using System.Text.Json;
using TfRunner.Cli.Comparing;
using TfRunner.Cli.Output;

namespace TfRunner.Cli.Tests.Comparing;

/// <summary>Every format against the file that a person has read. UPDATE_GOLDEN=1 writes them anew.</summary>
public class DiffOutputTests
{
    private const string Command = "tfrunner diff /models/sample --batch-size 8";

    [Theory]
    [InlineData("diff.txt")]
    [InlineData("diff.csv")]
    [InlineData("diff.md")]
    [InlineData("diff.json")]
    public void A_report_looks_as_it_was_read(string name) => Golden(name, Text(name));

    [Theory]
    [InlineData("diff.txt")]
    [InlineData("diff.csv")]
    [InlineData("diff.md")]
    [InlineData("diff.json")]
    public void A_report_is_the_same_in_a_foreign_culture(string name)
    {
        var before = Thread.CurrentThread.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (foreign.NumberFormat.NumberDecimalSeparator, foreign.NumberFormat.NumberGroupSeparator) = (",", ".");
        try
        {
            Thread.CurrentThread.CurrentCulture = foreign;
            Golden(name, Text(name));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_page_needs_nothing_but_itself()
    {
        var page = DiffPage.Text(SampleReport.Make(), Command);
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org/2000/svg", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("/*data*/", page, StringComparison.Ordinal);
        var start = page.IndexOf("id=\"report\">", StringComparison.Ordinal) + "id=\"report\">".Length;
        using var data = JsonDocument.Parse(page[start..page.IndexOf("</script>", start, StringComparison.Ordinal)]);
        Assert.Equal(Command, data.RootElement.GetProperty("command").GetString());
    }

    [Fact]
    public void A_model_s_name_cannot_leave_the_page_s_data()
    {
        var page = DiffPage.Text(SampleReport.Make() with { Model = "/models/</script><script>alert(1)</script>" }, Command);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
    }

    private static string Text(string name)
    {
        var report = SampleReport.Make();
        switch (name)
        {
            case "diff.txt":
                using (var writer = new StringWriter { NewLine = "\n" })
                {
                    DiffText.Write(writer, report);
                    return writer.ToString();
                }

            case "diff.csv":
                return DiffCsv.Text(report);
            case "diff.md":
                return DiffMarkdown.Text(report, Command);
            default:
                using (var stream = new MemoryStream())
                {
                    JsonOutput.Write(stream, 1, w => DiffJson.Write(w, report, Command));
                    return Encoding.UTF8.GetString(stream.ToArray());
                }
        }
    }

    private static void Golden(string name, string actual)
    {
        var folder = Path.Combine(RecordedCases.SharedFolder.RepositoryRoot, "tests", "TfRunner.Cli.Tests", "Comparing", "Golden");
        var file = Path.Combine(folder, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(file, actual);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual.ReplaceLineEndings("\n"));
    }
}
