namespace TfRunner.Coverage;

/// <summary>One row of the report.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Signature">The signature's name.</param>
/// <param name="Way">Engine and mode, such as <c>onnx:compiled</c>.</param>
/// <param name="Verdict">How it fares.</param>
/// <param name="Reason">Why not, in one line; null when it agrees.</param>
/// <param name="WritesState">Whether the signature changes a variable.</param>
internal sealed record SignatureResult(string Model, string Signature, string Way, Verdict Verdict, string? Reason, bool WritesState);
