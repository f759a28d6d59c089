using TfRunner.RecordedCases;

namespace TfRunner.Onnx.Tests;

/// <summary>Every recorded call of the visible models.</summary>
public sealed class RecordedCaseTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Small() => RecordedCaseData.Small();

    [Theory]
    [MemberData(nameof(Small))]
    public void Compiled_agrees_with_python(string model, string id) => CaseRunner.AssertAgrees(model, id, "compiled");

    public static IEnumerable<TheoryDataRow<string, string>> Large() => RecordedCaseData.Large();

    public static IEnumerable<TheoryDataRow<string, string>> Wild() => RecordedCaseData.Wild();

    [Theory]
    [MemberData(nameof(Large))]
    public void Compiled_agrees_with_python_on_large_models(string model, string id) => CaseRunner.AssertAgrees(model, id, "compiled");

    [Theory]
    [MemberData(nameof(Wild))]
    public void Compiled_agrees_with_python_on_models_of_others(string model, string id) => CaseRunner.AssertAgrees(model, id, "compiled");

    [Theory]
    [MemberData(nameof(Small))]
    public void Graph_agrees_with_python(string model, string id) => CaseRunner.AssertAgrees(model, id, "graph");

    [Theory]
    [MemberData(nameof(Small))]
    public void Eager_agrees_with_python(string model, string id) => CaseRunner.AssertAgrees(model, id, "eager");
}
