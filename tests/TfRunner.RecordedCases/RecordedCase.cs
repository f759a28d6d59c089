using System.Globalization;
using System.Text.Json;

namespace TfRunner.RecordedCases;

/// <summary>The inputs and outputs of one recorded call.</summary>
public sealed class RecordedCase
{
    internal RecordedCase(RecordedModel model, string id)
    {
        Model = model;
        Id = id;
        var dot = id.LastIndexOf('.');
        Signature = id[..dot];
        Index = int.Parse(id.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        var entry = Entry();
        Tags = entry is { } e && e.TryGetProperty("tags", out var tags) ? [.. tags.EnumerateArray().Select(static t => t.GetString()!)] : null;

        // The file's name replaces what file systems do not take; the entry has the signature's own name.
        Signature = entry is { } named && named.TryGetProperty("signature", out var signature) ? signature.GetString()! : Signature;
    }

    /// <summary>The model.</summary>
    public RecordedModel Model { get; }

    /// <summary>Such as <c>serving_default.0</c>.</summary>
    public string Id { get; }

    /// <summary>The signature that was called.</summary>
    public string Signature { get; }

    /// <summary>The case's number.</summary>
    public int Index { get; }

    /// <summary>The meta graph's tags where the recording names them; null takes the default.</summary>
    public IReadOnlyList<string>? Tags { get; }

    /// <summary>Whether calls repeat: false for recordings of random results.</summary>
    public bool IsDeterministic => Entry() is not { } e || !e.TryGetProperty("deterministic", out var d) || d.GetBoolean();

    /// <summary>How the model is opened for this case.</summary>
    public SavedModelOptions OpenOptions => new() { Tags = Tags };

    /// <summary>The recorded inputs in the signature's order and dtypes.</summary>
    /// <param name="signature">The signature as read from the model.</param>
    /// <returns>One tensor per input; the caller disposes them.</returns>
    public TensorValue[] Inputs(Signature signature) => Ordered(signature.Inputs, Model.ReadNpz(Path.Combine("cases", Id + ".inputs.npz")));

    /// <summary>The recorded outputs in the signature's order and dtypes.</summary>
    /// <param name="signature">The signature as read from the model.</param>
    /// <returns>One tensor per output; the caller disposes them.</returns>
    public TensorValue[] Outputs(Signature signature) => Ordered(signature.Outputs, Model.ReadNpz(Path.Combine("cases", Id + ".outputs.npz")));

    /// <summary>What differs between the recorded and the actual outputs by the rules of the recordings; null when they agree.</summary>
    /// <param name="signature">The signature as read from the model.</param>
    /// <param name="actual">One tensor per output, in the signature's order.</param>
    /// <returns>The first difference, naming the output.</returns>
    public string? Difference(Signature signature, IReadOnlyList<TensorValue> actual)
    {
        var expected = Outputs(signature);
        for (var i = 0; i < expected.Length; i++)
        {
            if (Agreement.Difference(expected[i], actual[i], Model.RelativeTolerance, Model.AbsoluteTolerance) is { } difference)
            {
                return $"output '{signature.Outputs[i].Name}': {difference}";
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Model.Name}/{Id}";

    private static TensorValue[] Ordered(IReadOnlyList<TensorSpec> specs, Dictionary<string, TensorValue> arrays) =>
        [.. specs.Select(s => arrays.TryGetValue(s.Name, out var array)
            ? As(s.DType, array)
            : throw new InvalidOperationException($"The recording has no array '{s.Name}', only {string.Join(", ", arrays.Keys)}."))];

    /// <summary>bfloat16 is recorded as its raw bits in uint16.</summary>
    private static TensorValue As(DType dtype, TensorValue array) =>
        array.DType == DType.UInt16 && dtype == DType.BFloat16
            ? TensorValue.Wrap(dtype, array.Pointer, array.ByteLength, array, array.Dimensions)
            : array;

    private JsonElement? Entry()
    {
        if (Model.About.TryGetProperty("cases", out var cases) && cases.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in cases.EnumerateArray())
            {
                if (entry.TryGetProperty("file", out var file) && file.GetString() == Id)
                {
                    return entry;
                }
            }
        }

        return null;
    }
}
