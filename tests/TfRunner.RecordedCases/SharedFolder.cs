using System.Diagnostics;

namespace TfRunner.RecordedCases;

/// <summary>Finds the shared material beside the repository, and unpacks what tests need of it.</summary>
public static class SharedFolder
{
    /// <summary>Why tests that need the material are skipped where it is absent.</summary>
    public const string Absent = "needs the models recorded in ../shared, which are not on this machine";

    private static readonly Lazy<string?> Found = new(Find);
    private static readonly Lazy<string> Unpacked = new(static () => Run(System.IO.Path.Combine(Path!, "tf", "unpack"), "--models"));
    private static readonly Lazy<string> Wild = new(UnpackWild);

    /// <summary>The root of the repository that the tests were built from.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Path => Found.Value;

    /// <summary>Whether the material is here. With <c>CI=true</c> it must be, so that nothing passes silently.</summary>
    public static bool IsPresent => Path is not null
        || (Environment.GetEnvironmentVariable("CI") == "true"
            ? throw new InvalidOperationException("CI needs the folder ../shared beside the repository.")
            : false);

    /// <summary>The folder that holds TensorFlow's native library.</summary>
    public static string NativeLibraryDirectory => System.IO.Path.Combine(Unpacked.Value, "site-packages", "tensorflow");

    /// <summary>The folder that holds the large models, one folder each.</summary>
    public static string LargeModels => System.IO.Path.Combine(Unpacked.Value, "models");

    /// <summary>The folder that holds the models of other projects, one folder each.</summary>
    public static string WildModels => Wild.Value;

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("TFRUNNER_SHARED");
        var path = string.IsNullOrEmpty(named) ? System.IO.Path.Combine(RepositoryRoot, "..", "shared") : named;
        return Directory.Exists(System.IO.Path.Combine(path, "models")) ? System.IO.Path.GetFullPath(path) : null;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "TfRunner.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside their repository.");
    }

    private static string UnpackWild()
    {
        // Keyed by the archive's size, so that a newer archive is unpacked anew; moved into place whole, so that
        // test processes that start together do not see half of it.
        var archive = new FileInfo(System.IO.Path.Combine(Path!, "models", "wild.tar.xz"));
        var target = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"tfrunner-wild-{Environment.UserName}-{archive.Length}");
        if (!Directory.Exists(target))
        {
            var parts = Directory.CreateTempSubdirectory("tfrunner-wild-").FullName;
            Run("tar", "-xJf", archive.FullName, "-C", parts);
            try
            {
                Directory.Move(System.IO.Path.Combine(parts, "wild"), target);
            }
            catch (IOException) when (Directory.Exists(target))
            {
                // Another test process was first.
            }

            Directory.Delete(parts, recursive: true);
        }

        return target;
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
