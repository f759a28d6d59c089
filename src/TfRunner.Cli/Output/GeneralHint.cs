namespace TfRunner.Cli.Output;

/// <summary>What to do about an error whose place knows nothing better.</summary>
internal static class GeneralHint
{
    /// <summary>The hint for an error.</summary>
    public static string For(TfRunnerException error) => (error.Stage, error.Code) switch
    {
        (ErrorStage.Run, ErrorCode.InvalidArgument or ErrorCode.OutOfRange or ErrorCode.FailedPrecondition) =>
            "the model itself refuses these values: compare them with what it was trained on, and with 'tfrunner inspect MODEL'",
        (_, ErrorCode.ResourceExhausted) => "give it smaller batches with --batch-size, or more memory",
        (ErrorStage.Run, ErrorCode.Unimplemented) => "try another --mode or --engine; 'tfrunner inspect MODEL' says which can run it",
        (ErrorStage.Run, _) => "run it again with --verbose, or in another --mode to compare",
        (ErrorStage.Usage, _) => "'tfrunner COMMAND --help' lists the options with their ranges",
        (ErrorStage.Load, ErrorCode.NotFound) => "name the directory that holds saved_model.pb, one of numbered versions, or the file itself",
        (ErrorStage.Load, _) => "'tfrunner inspect MODEL' shows what can be read of the model",
        (ErrorStage.Data, ErrorCode.NotFound) => "check the path; relative ones start at the current directory",
        (ErrorStage.Data, _) => "'tfrunner inspect MODEL' lists the inputs with their dtypes and shapes",
        (ErrorStage.Engine, _) => "'tfrunner doctor' shows the engines and what each lacks",
        _ => "run again with --verbose for details",
    };
}
