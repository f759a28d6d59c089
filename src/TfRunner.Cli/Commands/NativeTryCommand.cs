using System.CommandLine;
using TfRunner.Cli.Output;
using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.Cli.Commands;

/// <summary><c>native try DIR</c>, hidden: what <c>native install</c> runs in a process of its own before a library counts.</summary>
internal static class NativeTryCommand
{
    public const string Name = "try";

    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "the folder that holds the library" };
        var command = new Command(Name, "Runs a small model with the library in a folder.") { folder };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            var scratch = Directory.CreateTempSubdirectory("tfrunner-try-");
            try
            {
                var version = LibraryTrial.Run(parsed.GetValue(folder)!, scratch.FullName);
                JsonOutput.Write(1, writer => writer.WriteString("version", version));
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
        });
        return command;
    }
}
