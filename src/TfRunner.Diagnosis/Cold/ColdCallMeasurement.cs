using TfRunner.Diagnosis.Inputs;
using TfRunner.Diagnosis.Modes;
using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Cold;

/// <summary>What the fresh process does.</summary>
internal static class ColdCallMeasurement
{
    public static ColdCall Run(IMeasurementClock clock, ModelSource source, ModeName mode, ChosenInputs inputs)
    {
        try
        {
            var began = clock.Now;
            using var model = source.Load(mode.Engine);
            using var predictor = model.Predictor(source.Signature, mode.Mode);
            var loaded = clock.Now;
            var call = new ModeCall(predictor, inputs.Tensors, CancellationToken.None);
            call.Run();
            var first = clock.Now;
            call.Run();
            var second = clock.Now;
            return new(
                clock.ToInterval(loaded - began).Nanoseconds, clock.ToInterval(first - loaded).Nanoseconds, clock.ToInterval(second - first).Nanoseconds, null);
        }
        catch (TfRunnerException e)
        {
            return ColdCall.Failed(e.Message);
        }
    }
}
