using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TfRunner.Cli.Measuring;
using TfRunner.Cli.Output;
using TfRunner.Measurement;
using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.Cli.Commands;

/// <summary><c>native install</c>: brings the library with the package clients that the user has, or from a file.</summary>
internal sealed class NativeInstallCommand
{
    /// <summary>A library that takes longer for one product of two matrices hangs.</summary>
    private static readonly TimeInterval TrialLimit = TimeInterval.FromSeconds(180);

    private readonly Option<string> from = new("--from")
    {
        Description = "nuget (a SciSharp.TensorFlow.Redist package), pip (TensorFlow's wheel), or a .nupkg, .whl, .tar.gz, .zip or unpacked folder (default: nuget)",
        DefaultValueFactory = static _ => LibraryInstaller.FromNuGet,
        HelpName = "nuget|pip|FILE|DIR",
    };

    private readonly Option<string?> version = new("--version") { Description = "the version to install (default: the newest that the source has)", HelpName = "V" };

    private readonly Option<bool> gpu = new("--gpu") { Description = "the build for GPUs (default: the one for CPUs)" };

    public static Command Create()
    {
        var self = new NativeInstallCommand();
        var command = new Command("install", "Installs the library from NuGet, pip or a file, tries it, and puts it to use.") { self.from, self.version, self.gpu };
        command.SetAction(self.Run);
        return command;
    }

    private void Run(ParseResult parsed)
    {
        using var line = new TransferLine(TimeProvider.System);
        var installer = new LibraryInstaller(new ThisMachine(), TimeProvider.System, TryInChild);
        var request = new InstallRequest(parsed.GetValue(from)!, parsed.GetValue(version), parsed.GetValue(gpu), Environment.CurrentDirectory);
        var installed = installer.Install(request, line, Interruption.Token);
        line.Dispose();
        Console.Out.WriteLine($"TensorFlow {installed.Name} is installed in {installed.Folder} ({Bytes.Text(installed.Manifest!.Length)}, from {installed.Manifest.Source})");
        NativeCommand.NoteOverride();
    }

    private static TrialOutcome TryInChild(string folder, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = ChildProcess.Run(["native", NativeTryCommand.Name, folder], TrialLimit, cancellationToken);
        return exitCode switch
        {
            0 => new(JsonDocument.Parse(output).RootElement.GetProperty("version").GetString(), null),
            null => new(null, "it hangs on a small model"),
            > 0 and <= 7 => new(null, error),
            _ => new(null, string.Create(CultureInfo.InvariantCulture, $"it ended its process with exit code {exitCode} on a small model: {error}")),
        };
    }
}
