using TfRunner.Engines;
using TfRunner.RecordedCases;

namespace TfRunner.Coverage;

/// <summary>Runs the recorded cases of one signature on one engine in one mode.</summary>
internal static class SignatureTrial
{
    public static SignatureResult Run(RecordedModel model, IReadOnlyList<RecordedCase> cases, string engine, string mode)
    {
        var way = $"{engine}:{mode}";
        var name = cases[0].Signature;
        var writes = false;
        try
        {
            foreach (var recorded in cases)
            {
                using var loaded = Model.Load(model.SavedModelDirectory, new ModelOptions
                {
                    Engine = engine,
                    SavedModel = recorded.OpenOptions,
                    EngineOptions = new EngineOptions { CacheDirectory = string.Empty },
                });
                var signature = loaded.SavedModel.Signature(name);
                writes = loaded.SavedModel.Graph.Reach(signature).WritesState;
                var obstacles = loaded.Obstacles(name, mode);
                if (obstacles.Count > 0)
                {
                    return new(model.Name, name, way, Verdict.Refused, string.Join("; ", obstacles), writes);
                }

                using var predictor = loaded.Predictor(name, mode);
                var outputs = predictor.Predict(recorded.Inputs(signature));
                if (recorded.IsDeterministic && recorded.Difference(signature, outputs) is { } difference)
                {
                    return new(model.Name, name, way, Verdict.Differs, $"{recorded.Id}: {difference}", writes);
                }
            }

            return new(model.Name, name, way, Verdict.Agrees, null, writes);
        }
        catch (TfRunnerException e)
        {
            return new(model.Name, name, way, e.Stage == ErrorStage.Load ? Verdict.Refused : Verdict.Differs, e.Message, writes);
        }
    }
}
