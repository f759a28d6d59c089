namespace TfRunner.TensorFlow.Native;

/// <summary>What a library without some optional symbols cannot do.</summary>
internal static class Features
{
    private const string EagerModes = "the modes function, xla and eager are off";
    private const string OpByOp = "the mode eager is off";
    private const string Cancelling = "calls of the mode function run to their end when they are cancelled";

    private static readonly Dictionary<string, string> WithoutIt = new(StringComparer.Ordinal)
    {
        ["TF_TensorMaybeMove"] = "outputs are copied",
        ["TF_LoadLibrary"] = "op libraries cannot be loaded",
        ["TF_SessionListDevices"] = "devices are not listed",
        ["TF_DeviceListCount"] = "devices are not listed",
        ["TF_DeviceListName"] = "devices are not listed",
        ["TF_DeleteDeviceList"] = "devices are not listed",
        ["TFE_OpGetAttrs"] = OpByOp,
        ["TFE_OpAddAttrs"] = OpByOp,
        ["TFE_TensorHandleCopySharingTensor"] = OpByOp,
        ["TFE_ContextStartStep"] = OpByOp,
        ["TFE_ContextEndStep"] = OpByOp,
        ["TFE_NewCancellationManager"] = Cancelling,
        ["TFE_CancellationManagerStartCancel"] = Cancelling,
        ["TFE_DeleteCancellationManager"] = Cancelling,
        ["TFE_OpSetCancellationManager"] = Cancelling,
        ["TFE_ContextRemoveFunction"] = "functions stay until their model is closed",
        ["TFE_ContextListDevices"] = "devices are not listed",
    };

    /// <summary>One line per missing symbol that turns something off.</summary>
    public static IEnumerable<string> Missing(TensorFlowApi api) =>
        api.Symbols.MissingOptional.Select(static s => $"{s} is missing: {Consequence(s)}");

    /// <summary>Why modes of the eager runtime are off; null when they work.</summary>
    /// <param name="api">The library.</param>
    /// <param name="opByOp">Whether the mode <c>eager</c> is asked about, which needs more than the others.</param>
    public static string? EagerProblem(TensorFlowApi api, bool opByOp = false) =>
        api.Symbols.MissingOptional.FirstOrDefault(s => Consequence(s).Contains(EagerModes, StringComparison.Ordinal) || (opByOp && Consequence(s) == OpByOp))
            is { } missing
            ? $"this TensorFlow library lacks {missing}"
            : null;

    private static string Consequence(string symbol) => WithoutIt.GetValueOrDefault(symbol, EagerModes);
}
