using System.Text;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Assertions.</summary>
internal sealed class AssertKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry) => registry.Add(Assert, "Assert");

    /// <summary>Assert: fails with InvalidArgument and the first elements of its data unless the condition holds.</summary>
    private static void Assert(HostCall call)
    {
        if (call.Tensor(0).AsScalar<bool>())
        {
            return;
        }

        var text = new StringBuilder("assertion failed:");
        for (var i = 1; i < call.InputCount; i++)
        {
            text.Append(" [").Append(Describe(call.Tensor(i), (int)call.Attributes.Int("summarize", 3))).Append(']');
        }

        throw call.Node.Error(ErrorCode.InvalidArgument, text.ToString());
    }

    private static string Describe(TensorValue x, int count)
    {
        var shown = (int)Math.Min(count < 0 ? x.Length : count, x.Length);
        var parts = x.IsString
            ? x.Strings.Take(shown).Select(Encoding.UTF8.GetString)
            : ArrayCast.ToDoubles(x).Take(shown).Select(static v => FormattableString.Invariant($"{v}"));
        return string.Join(' ', parts) + (shown < x.Length ? "..." : string.Empty);
    }
}
