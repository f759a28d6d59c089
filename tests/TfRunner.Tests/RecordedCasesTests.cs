using TfRunner.RecordedCases;

namespace TfRunner.Tests;

/// <summary>The recordings themselves: that every file reads and every array finds its input or output.</summary>
public sealed class RecordedCasesTests
{
    [Theory]
    [MemberData(nameof(RecordedCaseData.All), MemberType = typeof(RecordedCaseData))]
    public void Every_recording_agrees_with_itself(string model, string id)
    {
        var recorded = RecordedCaseData.Find(model, id);
        using var savedModel = SavedModel.Open(recorded.Model.SavedModelDirectory, recorded.OpenOptions);
        var signature = savedModel.Signature(recorded.Signature);
        Assert.Equal(signature.Inputs.Count, recorded.Inputs(signature).Length);
        Assert.Null(recorded.Difference(signature, recorded.Outputs(signature)));
    }
}
