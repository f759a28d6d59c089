using TfRunner.Graphs;

namespace TfRunner.SavedModels.Tests.Graphs;

public sealed class TensorReferenceTests
{
    [Theory]
    [InlineData("a", "a", null, 0, false)]
    [InlineData("a/b:2", "a/b", null, 2, false)]
    [InlineData("^a", "a", null, 0, true)]
    [InlineData("a:output:3", "a", "output", 3, false)]
    [InlineData("a:output", "a", "output", 0, false)]
    [InlineData("a:99999999999", "a", "99999999999", 0, false)]
    [InlineData("a:out:x", "a", "out", -1, false)]
    public void Both_forms_are_parsed(string text, string node, string? output, int index, bool isControl) =>
        Assert.Equal(new TensorReference(node, output, index, isControl), TensorReference.Parse(text));
}
