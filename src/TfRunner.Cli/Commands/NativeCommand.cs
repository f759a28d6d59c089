using System.CommandLine;
using TfRunner.TensorFlow.Library;
using TfRunner.TensorFlow.Library.Install;

namespace TfRunner.Cli.Commands;

/// <summary><c>native</c>: TensorFlow's native library for this user: bringing it here, and choosing between versions.</summary>
internal static class NativeCommand
{
    public static Command Create() => new("native", "Installs TensorFlow's native library for this user, and chooses between versions.")
    {
        NativeInstallCommand.Create(),
        NativeListCommand.Create(),
        OnVersion("use", "Makes an installed version the one that the tensorflow engine takes.", static (store, version) =>
        {
            LibraryStore.CheckUndamaged(version, Interruption.Token);
            store.Use(version.Name);
            Console.Out.WriteLine($"TensorFlow {version.Name} is in use");
            NoteOverride();
        }),
        OnVersion("remove", "Removes an installed version.", static (store, version) =>
        {
            store.Remove(version);
            var next = store.Versions().FirstOrDefault(static v => v.IsCurrent);
            Console.Out.WriteLine($"TensorFlow {version.Name} was removed; {(next is null ? "no other is installed" : $"{next.Name} is in use")}");
        }),
        NativeTryCommand.Create(),
    };

    /// <summary>Says when something goes before what is installed.</summary>
    public static void NoteOverride()
    {
        if (new ThisMachine().Variable(LibraryFinder.Variable) is { } named)
        {
            Console.Error.WriteLine($"note: {LibraryFinder.Variable} names {named}, which goes before what is installed");
        }
    }

    private static Command OnVersion(string name, string description, Action<LibraryStore, InstalledVersion> action)
    {
        var version = new Argument<string>("VERSION") { Description = "as 'tfrunner native list' prints it" };
        var command = new Command(name, description) { version };
        command.SetAction(parsed =>
        {
            using var store = LibraryStore.OpenToChange(new ThisMachine());
            action(store, store.Find(parsed.GetValue(version)!));
        });
        return command;
    }
}
