using TfRunner.Coverage;
using TfRunner.Engines;
using TfRunner.RecordedCases;

if (!SharedFolder.IsPresent)
{
    Console.Error.WriteLine($"error: the report {SharedFolder.Absent}");
    return 1;
}

var models = RecordedModel.Small.Concat(RecordedModel.Large.Value).Concat(RecordedModel.Wild.Value).ToList();
var results = new List<SignatureResult>();
var versions = new List<string>();
foreach (var provider in EngineCatalog.Providers)
{
    var found = provider.Probe(new EngineOptions());
    if (!found.IsAvailable)
    {
        Console.Error.WriteLine($"error: {provider.Name}: {found.Reason}");
        return 1;
    }

    versions.Add($"{provider.Name} {found.Version}");
    foreach (var mode in provider.Modes.Where(m => args.Length == 0 || args.Contains($"{provider.Name}:{m}")))
    {
        foreach (var cases in models.Where(static m => !m.IsErrorCase).SelectMany(static m => m.Cases.GroupBy(static c => (c.Model, c.Signature))))
        {
            var result = SignatureTrial.Run(cases.Key.Model, [.. cases], provider.Name, mode);
            results.Add(result);
            if (result.Verdict != Verdict.Agrees)
            {
                Console.Error.WriteLine($"{result.Way} {result.Model} {result.Signature}: {result.Verdict}: {result.Reason}");
            }
        }
    }
}

Console.Out.Write(Report.Format(results, [.. models.Where(static m => m.FailsInPython).Select(static m => m.Name)], versions));
return 0;
