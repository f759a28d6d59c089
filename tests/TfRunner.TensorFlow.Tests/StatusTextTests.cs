using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Tests;

public sealed class StatusTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("assertion failed: [n must be >= 0]\n\t [[{{node Assert/Assert}}]]", "assertion failed: [n must be >= 0] (node Assert/Assert)")]
    [InlineData("bad\n\nDetected at node 'x' defined at (most recent call last):\nFile y", "bad")]
    [InlineData("{{function_node __inference_f_1}} {{node a/b}} went wrong", "__inference_f_1 a/b went wrong")]
    public void A_native_message_becomes_one_line(string message, string line) => Assert.Equal(line, StatusText.OneLine(message));
}
