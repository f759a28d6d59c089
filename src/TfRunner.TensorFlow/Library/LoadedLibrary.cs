using TfRunner.Engines;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Library;

/// <summary>TensorFlow's library in this process: searched for once, never unloaded.</summary>
internal static class LoadedLibrary
{
    private const string LogLevel = "TF_CPP_MIN_LOG_LEVEL";
    private static readonly Lock Gate = new();
    private static LibrarySearchResult? found;
    private static string? foundFor;

    /// <summary>Finds and opens the library, or gives the one that is open.</summary>
    /// <param name="options">Where to look.</param>
    /// <returns>What was found. A second place cannot be opened in the same process, and gives a problem instead.</returns>
    public static LibrarySearchResult Get(EngineOptions options)
    {
        lock (Gate)
        {
            if (found is not null)
            {
                return options.TensorFlowDirectory is null || options.TensorFlowDirectory == foundFor || IsSame(options.TensorFlowDirectory)
                    ? found
                    : new(null, null, null, $"TensorFlow is already loaded from {found.File}, and a process can load only one", found.Notes);
            }

            // Messages on standard error are for people who develop TensorFlow; failures come back as statuses.
            var userDecides = Environment.GetEnvironmentVariable(LogLevel) is not null;
            NativeEnvironment.SetDefault(LogLevel, "3");
            var result = new LibrarySearch(new ThisMachine(), new LibraryOpener()) { QuietensLog = !userDecides }.Run(options.TensorFlowDirectory);
            if (result.Api is not null)
            {
                TensorFlowApi.Loaded = result.Api;
                found = result;
                foundFor = options.TensorFlowDirectory;
            }

            return result;
        }
    }

    private static bool IsSame(string named) => new LibraryFinder(new ThisMachine()).Places(named).Any(p => p.File == found!.File);
}
