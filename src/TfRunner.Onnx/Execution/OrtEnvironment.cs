using Microsoft.ML.OnnxRuntime;

namespace TfRunner.Onnx.Execution;

/// <summary>ONNX Runtime's environment, of which a process has one.</summary>
internal static class OrtEnvironment
{
    private static readonly Lazy<bool> Shared = new(Create);

    /// <summary>Whether sessions can share one thread pool. Where somebody else made the environment they cannot.</summary>
    public static bool HasSharedThreads => Shared.Value;

    private static bool Create()
    {
        if (OrtEnv.IsCreated)
        {
            return false;
        }

        using var threads = new OrtThreadingOptions { GlobalSpinControl = false };
        var options = new EnvironmentCreationOptions { logId = "TfRunner", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, threadOptions = threads };
        OrtEnv.CreateInstanceWithOptions(ref options);
        return true;
    }
}
