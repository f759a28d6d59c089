using Microsoft.ML.OnnxRuntime;

namespace TfRunner.Onnx.Execution;

/// <summary>ONNX Runtime's failures as the errors that users see.</summary>
internal static class OrtErrors
{
    private const string Prefix = "[ErrorCode:";

    public static TfRunnerException Translate(OnnxRuntimeException exception, ErrorStage stage, string what)
    {
        var message = exception.Message;
        var kind = string.Empty;
        if (message.StartsWith(Prefix, StringComparison.Ordinal) && message.IndexOf(']', StringComparison.Ordinal) is var end and > 0)
        {
            kind = message[Prefix.Length..end];
            message = message[(end + 1)..].Trim();
        }

        var code = kind switch
        {
            "InvalidArgument" or "InvalidGraph" => ErrorCode.InvalidArgument,
            "NoSuchFile" => ErrorCode.NotFound,
            "NotImplemented" => ErrorCode.Unimplemented,
            "RuntimeException" or "Fail" => stage == ErrorStage.Run ? ErrorCode.InvalidArgument : ErrorCode.Internal,
            _ => ErrorCode.Internal,
        };
        return new(code, stage, $"{what}: {OneLine(message)}", null, exception);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
