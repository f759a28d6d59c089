using Tensorflow;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlowNet.Library;

/// <summary>Turns TensorFlow.NET's failures into statuses. Its exceptions carry no code; the status of its thread does.</summary>
internal static class NetFailure
{
    /// <summary>Puts a failure into the status of the call.</summary>
    /// <param name="target">The call's status.</param>
    /// <param name="failure">What TensorFlow.NET threw on this thread.</param>
    public static void Put(StatusHandle target, Exception failure)
    {
        var code = (ErrorCode)(int)Binding.tf.Status.Code;
        target.Set(code == ErrorCode.Ok ? ErrorCode.Internal : code, code == ErrorCode.Ok ? $"TensorFlow.NET: {failure.Message}" : Binding.tf.Status.Message);
    }

    /// <summary>Puts the status of TensorFlow.NET's thread into that of the call when it is a failure.</summary>
    /// <returns>Whether all is well.</returns>
    public static bool Put(StatusHandle target, Status source)
    {
        if (source.ok())
        {
            return true;
        }

        target.Set((ErrorCode)(int)source.Code, source.Message);
        return false;
    }
}
