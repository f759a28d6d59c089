namespace TfRunner;

/// <summary>What <c>fingerprint.pb</c> says (TensorFlow 2.11 and later): numbers that tell two exports apart.</summary>
/// <param name="SavedModelChecksum">Of the whole <c>saved_model.pb</c>.</param>
/// <param name="GraphHash">Of the graph.</param>
/// <param name="SignatureHash">Of the signatures.</param>
/// <param name="ObjectGraphHash">Of the object graph.</param>
/// <param name="CheckpointHash">Of the checkpoint's index.</param>
/// <param name="Uuid">The export's own number; null where it has none.</param>
public sealed record SavedModelFingerprint(
    ulong SavedModelChecksum, ulong GraphHash, ulong SignatureHash, ulong ObjectGraphHash, ulong CheckpointHash, string? Uuid)
{
    internal static SavedModelFingerprint? Read(string directory) =>
        Directories.SavedModelFile.ReadOptional(SavedModels.Protos.FingerprintDef.Parser, Path.Combine(directory, "fingerprint.pb")) is { } f
            ? new(f.SavedModelChecksum, f.GraphDefProgramHash, f.SignatureDefHash, f.SavedObjectGraphHash, f.CheckpointHash, f.Uuid.Length == 0 ? null : f.Uuid)
            : null;
}
