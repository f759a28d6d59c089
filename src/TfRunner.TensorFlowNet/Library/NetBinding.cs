using System.Reflection;
using System.Runtime.InteropServices;
using Tensorflow;
using TfRunner.Engines;
using TfRunner.TensorFlow.Library;

namespace TfRunner.TensorFlowNet.Library;

/// <summary>
/// Leads TensorFlow.NET's imports, all from a library called <c>tensorflow</c>, to the library that TfRunner found. One handle
/// serves although names can lie in the framework library too: a symbol is looked for in what a library depends on as well.
/// </summary>
internal static class NetBinding
{
    private static readonly Lock Gate = new();
    private static LibrarySearchResult? bound;

    /// <summary>The version of the TensorFlow.NET package.</summary>
    public static string PackageVersion { get; } = typeof(c_api).Assembly.GetName().Version?.ToString(3) ?? "of an unknown version";

    /// <summary>Finds the library and binds TensorFlow.NET to it, once per process.</summary>
    /// <param name="options">Where to look.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="TfRunnerException">Unavailable when no library fits, or TensorFlow.NET is bound to another one.</exception>
    public static LibrarySearchResult Bind(EngineOptions options)
    {
        lock (Gate)
        {
            var found = LoadedLibrary.Get(options);
            if (found.Api is null)
            {
                throw Unavailable(
                    found.Problem!,
                    "install it with 'tfrunner native install', or name the folder that holds it with --tensorflow DIR or TFRUNNER_TENSORFLOW");
            }

            if (bound is null)
            {
                Resolve(NativeLibrary.Load(found.File!));
                var version = TensorFlowNetVersion();
                if (version != found.Version)
                {
                    throw Unavailable(
                        $"TensorFlow.NET is bound to another native library (TensorFlow {version}, not {found.Version} from {found.File})",
                        "load a model, or let TfRunner find the library, before the program's first use of TensorFlow.NET");
                }

                bound = found;
            }

            return bound;
        }
    }

    private static void Resolve(IntPtr library)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(
                typeof(c_api).Assembly, (name, _, _) => name == c_api.TensorFlowLibName ? library : IntPtr.Zero);
        }
        catch (InvalidOperationException)
        {
            // The program has a resolver of its own; the versions tell whether it leads to the same place.
        }
    }

    private static string TensorFlowNetVersion()
    {
        try
        {
            return Binding.tf.VERSION;
        }
        catch (Exception e) when (e is TypeInitializationException or TargetInvocationException or DllNotFoundException or EntryPointNotFoundException or RuntimeError)
        {
            throw Unavailable($"TensorFlow.NET {PackageVersion} cannot be started: {(e.InnerException ?? e).Message}", null);
        }
    }

    private static TfRunnerException Unavailable(string message, string? hint) => new(ErrorCode.Unavailable, ErrorStage.Engine, message, hint);
}
