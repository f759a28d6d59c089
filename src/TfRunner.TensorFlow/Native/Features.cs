namespace TfRunner.TensorFlow.Native;

/// <summary>What a library without some optional symbols cannot do.</summary>
internal static class Features
{
    private static readonly (string Symbol, string What)[] Optional =
    [
        ("TF_TensorMaybeMove", "outputs are copied"),
        ("TF_LoadLibrary", "op libraries cannot be loaded"),
        ("TF_GetAllOpList", "unknown ops are found only when a model is loaded"),
        ("TF_SessionListDevices", "devices are not listed"),
    ];

    /// <summary>One line per missing symbol that turns something off.</summary>
    public static IEnumerable<string> Missing(TensorFlowApi api) =>
        api.Symbols.MissingOptional
            .Select(static s => (Symbol: s, Optional.FirstOrDefault(o => o.Symbol == s).What))
            .Select(static m => m.What is null ? $"{m.Symbol} is missing" : $"{m.Symbol} is missing: {m.What}");
}
