using System.CommandLine;
using System.Globalization;
using TfRunner.Cli.Output;
using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.Cli.Commands;

/// <summary><c>native list</c>: the installed versions, and whether their files are still what was installed.</summary>
internal sealed class NativeListCommand
{
    private readonly Option<bool> json = new("--json") { Description = "print JSON (default: off)" };

    public static Command Create()
    {
        var self = new NativeListCommand();
        var command = new Command("list", "Lists the installed versions and checks their files.") { self.json };
        command.SetAction(self.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        using var store = LibraryStore.OpenToRead(new ThisMachine());
        using var line = new TransferLine(TimeProvider.System);
        var found = store.Versions().Select(v => (Version: v, Damage: Check(v, line))).ToList();
        line.Dispose();
        if (parsed.GetValue(json))
        {
            WriteJson(store.Root, found);
        }
        else if (found.Count == 0)
        {
            Console.Out.WriteLine($"none is installed in {store.Root}");
        }
        else
        {
            TextTable.Write(Console.Out, ["version", "in use", ">size", "installed", "from", "files"], found.Select(static f => Cells(f.Version, f.Damage)));
        }

        return found.Exists(static f => f.Damage is not null) ? (int)ErrorStage.Engine : 0;
    }

    private static string? Check(InstalledVersion version, TransferLine line) => LibraryStore.Damage(
        version, done => line.Report(new("checking " + version.Name, done, version.Manifest?.Length)), Interruption.Token);

    private static IReadOnlyList<string> Cells(InstalledVersion version, string? damage) =>
    [
        version.Name,
        version.IsCurrent ? "yes" : string.Empty,
        version.Manifest is { } m ? Bytes.Text(m.Length) : string.Empty,
        version.Manifest?.InstalledAt.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? string.Empty,
        version.Manifest?.Source ?? string.Empty,
        damage is null ? "as installed" : "damaged: " + damage,
    ];

    private static void WriteJson(string root, List<(InstalledVersion Version, string? Damage)> found) => JsonOutput.Write(1, writer =>
    {
        writer.WriteString("folder", root);
        writer.WriteStartArray("versions");
        foreach (var (version, damage) in found)
        {
            writer.WriteStartObject();
            writer.WriteString("version", version.Name);
            writer.WriteString("folder", version.Folder);
            writer.WriteBoolean("in_use", version.IsCurrent);
            writer.WriteString("tensorflow", version.Manifest?.TensorFlow);
            writer.WriteString("source", version.Manifest?.Source);
            writer.WriteString("damage", damage);
            writer.WriteStartArray("files");
            foreach (var file in version.Manifest?.Files ?? [])
            {
                writer.WriteStartObject();
                writer.WriteString("name", file.Name);
                writer.WriteNumber("length", file.Length);
                writer.WriteString("sha256", file.Sha256);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
