namespace TfRunner.Engines;

/// <summary>Checks tensors against a signature before anything runs.</summary>
internal static class InputCheck
{
    public static void Check(Signature signature, ReadOnlySpan<TensorValue> inputs)
    {
        if (inputs.Length != signature.Inputs.Count)
        {
            throw Wrong($"signature '{signature.Name}' takes {signature.Inputs.Count} inputs, not {inputs.Length}", Expected(signature));
        }

        for (var i = 0; i < inputs.Length; i++)
        {
            CheckOne(signature, "input", signature.Inputs[i], inputs[i]);
        }
    }

    public static void CheckOutputs(Signature signature, ReadOnlySpan<TensorValue> outputs)
    {
        if (outputs.Length != signature.Outputs.Count)
        {
            throw Wrong($"signature '{signature.Name}' gives {signature.Outputs.Count} outputs, not {outputs.Length}", null);
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            CheckOne(signature, "output", signature.Outputs[i], outputs[i]);
        }
    }

    public static TensorValue[] Order(Signature signature, IReadOnlyDictionary<string, TensorValue> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var name in inputs.Keys)
        {
            if (!signature.Inputs.Any(i => i.Name == name))
            {
                throw Wrong($"signature '{signature.Name}' has no input '{name}'", Expected(signature));
            }
        }

        var ordered = new TensorValue[signature.Inputs.Count];
        for (var i = 0; i < ordered.Length; i++)
        {
            ordered[i] = inputs.TryGetValue(signature.Inputs[i].Name, out var tensor)
                ? tensor
                : throw Wrong($"signature '{signature.Name}' needs input '{signature.Inputs[i].Name}' ({signature.Inputs[i]})", Expected(signature));
        }

        return ordered;
    }

    private static void CheckOne(Signature signature, string kind, TensorSpec spec, TensorValue? tensor)
    {
        if (tensor is null)
        {
            throw Wrong($"{kind} '{spec.Name}' of signature '{signature.Name}' is null", null);
        }

        if (tensor.DType != spec.DType)
        {
            throw Wrong($"{kind} '{spec.Name}' of signature '{signature.Name}' must be {spec.DType.Name()}, not {tensor.DType.Name()}", null);
        }

        if (!spec.Shape.Accepts(tensor.Dimensions))
        {
            throw Wrong(
                $"{kind} '{spec.Name}' of signature '{signature.Name}' must have shape {spec.Shape}, not {TensorShape.Format(tensor.Dimensions)}",
                null);
        }
    }

    private static string Expected(Signature signature) =>
        signature.Inputs.Count == 0 ? "it takes none" : $"it takes {string.Join("; ", signature.Inputs)}";

    private static TfRunnerException Wrong(string message, string? hint) => new(ErrorCode.InvalidArgument, ErrorStage.Data, message, hint);
}
