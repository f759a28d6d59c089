using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using TfRunner.Engines;

namespace TfRunner.Onnx.Execution;

/// <summary>Where ONNX Runtime computes: the CPU, or what its package was built with.</summary>
internal static class ExecutionProviders
{
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["cuda"] = "Microsoft.ML.OnnxRuntime.Gpu",
        ["tensorrt"] = "Microsoft.ML.OnnxRuntime.Gpu",
        ["directml"] = "Microsoft.ML.OnnxRuntime.DirectML",
        ["openvino"] = "Intel.ML.OnnxRuntime.OpenVino",
    };

    /// <summary>Adds the provider that the options name.</summary>
    /// <param name="session">The options of a session.</param>
    /// <param name="options">The engine's options.</param>
    /// <exception cref="TfRunnerException">InvalidArgument for an unknown name; Unavailable when the package lacks it.</exception>
    public static void Append(SessionOptions session, EngineOptions options)
    {
        var (name, device) = Choose(options);
        try
        {
            switch (name)
            {
                case "cpu":
                    return;
                case "cuda":
                    session.AppendExecutionProvider_CUDA(device);
                    return;
                case "tensorrt":
                    session.AppendExecutionProvider_Tensorrt(device);
                    session.AppendExecutionProvider_CUDA(device);
                    return;
                case "directml":
                    // Its documentation asks for this.
                    session.EnableMemoryPattern = false;
                    session.AppendExecutionProvider_DML(device);
                    return;
                default:
                    session.AppendExecutionProvider_OpenVINO(string.Empty);
                    return;
            }
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            throw new TfRunnerException(
                ErrorCode.Unavailable,
                ErrorStage.Engine,
                $"this build of ONNX Runtime has no execution provider '{name}'; it has {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}",
                $"build with the package {Packages[name]} in place of Microsoft.ML.OnnxRuntime, or use the provider 'cpu'",
                e);
        }
    }

    /// <summary>Whether nothing but the CPU computes, whose cores and caches batches are shared out to.</summary>
    /// <param name="options">The engine's options.</param>
    /// <returns>True for the default.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for an unknown name.</exception>
    public static bool IsCpu(EngineOptions options) => Choose(options).Name == "cpu";

    /// <summary>The provider's name and the device's number.</summary>
    private static (string Name, int Device) Choose(EngineOptions options)
    {
        var parts = (options.Device ?? "cpu").ToLowerInvariant().Split(':');
        var number = 0;
        if (parts[0] is not ("cpu" or "gpu") || parts.Length > 2
            || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number)))
        {
            throw new TfRunnerException(
                ErrorCode.InvalidArgument, ErrorStage.Usage, $"there is no device '{options.Device}' for the onnx engine", "use cpu, gpu or gpu:N");
        }

        var name = options.ExecutionProvider?.ToLowerInvariant() ?? (parts[0] == "gpu" ? "cuda" : "cpu");
        return name == "cpu" || Packages.ContainsKey(name)
            ? (name, number)
            : throw new TfRunnerException(
                ErrorCode.InvalidArgument, ErrorStage.Usage, $"there is no execution provider '{options.ExecutionProvider}'", $"use one of: cpu, {string.Join(", ", Packages.Keys)}");
    }
}
