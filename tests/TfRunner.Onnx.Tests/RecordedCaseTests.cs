using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>Every recorded call of the visible models.</summary>
public sealed class RecordedCaseTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Small() => RecordedCaseData.Small();

    [Theory]
    [MemberData(nameof(Small))]
    public void Compiled_agrees_with_python(string model, string id) => CaseRunner.AssertAgrees(model, id, "compiled");
}
