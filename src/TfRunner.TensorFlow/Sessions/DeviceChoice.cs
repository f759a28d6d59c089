using System.Globalization;
using TfRunner.Engines;
using TfRunner.TensorFlow.Native.Protos;

namespace TfRunner.TensorFlow.Sessions;

/// <summary>Turns the engine's options into TensorFlow's configuration.</summary>
internal static class DeviceChoice
{
    private const int MostThreads = 1024;

    /// <summary>The configuration of a session or an eager context.</summary>
    /// <exception cref="TfRunnerException">InvalidArgument for a value outside its range.</exception>
    public static ConfigProto Configuration(EngineOptions options)
    {
        // Models name the devices that they were trained on; those that are not here are replaced.
        var config = new ConfigProto
        {
            AllowSoftPlacement = true,
            IntraOpParallelismThreads = Threads(options.IntraOpThreads, "intra-op"),
            InterOpParallelismThreads = Threads(options.InterOpThreads, "inter-op"),
        };
        var (kind, index) = Parse(options.Device);
        if (kind == "cpu")
        {
            config.DeviceCount["GPU"] = 0;
        }

        if (index is not null || options.GpuMemoryGrowth)
        {
            config.GpuOptions = new() { AllowGrowth = options.GpuMemoryGrowth, VisibleDeviceList = index ?? string.Empty };
        }

        return config;
    }

    /// <summary>Leaves out those passes over a graph that look for something to do on a GPU: where there is none, they
    /// change nothing and take a quarter of a first call.</summary>
    public static void LeaveOutGpuPasses(ConfigProto config) => config.GraphOptions = new()
    {
        RewriteOptions = new()
        {
            LayoutOptimizer = RewriterConfig.Types.Toggle.Off,
            MemoryOptimization = RewriterConfig.Types.MemOptType.NoMemOpt,
        },
    };

    /// <summary>Whether the options ask for a GPU.</summary>
    public static bool WantsGpu(EngineOptions options) => Parse(options.Device).Kind == "gpu";

    private static (string? Kind, string? Index) Parse(string? device)
    {
        if (device is null)
        {
            return (null, null);
        }

        var parts = device.ToLowerInvariant().Split(':');
        if (parts is ["cpu"] or ["cpu", "0"])
        {
            return ("cpu", null);
        }

        return parts is ["gpu"] ? ("gpu", null)
            : parts is ["gpu", var number] && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? ("gpu", index.ToString(CultureInfo.InvariantCulture))
            : throw new TfRunnerException(ErrorCode.InvalidArgument, ErrorStage.Usage, $"there is no device '{device}'", "use cpu, gpu or gpu:N");
    }

    private static int Threads(int count, string kind) => count is >= 0 and <= MostThreads
        ? count
        : throw new TfRunnerException(
            ErrorCode.InvalidArgument,
            ErrorStage.Usage,
            string.Create(CultureInfo.InvariantCulture, $"the number of {kind} threads must be 0 to {MostThreads}, not {count}"));
}
