namespace TfRunner.RecordedCases;

/// <summary>Rows for theories: one per recorded case, or one skipped row where the recordings are absent.</summary>
public static class RecordedCaseData
{
    /// <summary>Every case of the small models.</summary>
    /// <returns>Model name and case id.</returns>
    public static IEnumerable<TheoryDataRow<string, string>> Small() => Rows(RecordedModel.Small);

    /// <summary>Every case of the three large models.</summary>
    /// <returns>Model name and case id.</returns>
    public static IEnumerable<TheoryDataRow<string, string>> Large() => Rows(RecordedModel.Large.Value);

    /// <summary>Every case of the models of other projects.</summary>
    /// <returns>Model name and case id.</returns>
    public static IEnumerable<TheoryDataRow<string, string>> Wild() => Rows(RecordedModel.Wild.Value);

    /// <summary>Every case of all of them.</summary>
    /// <returns>Model name and case id.</returns>
    public static IEnumerable<TheoryDataRow<string, string>> All() =>
        SharedFolder.IsPresent ? [.. Small(), .. Large(), .. Wild()] : Small();

    /// <summary>Finds a case by a row's values.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="id">The case's id.</param>
    /// <returns>The case.</returns>
    public static RecordedCase Find(string model, string id) => RecordedModel.Find(model).Cases.First(c => c.Id == id);

    private static IEnumerable<TheoryDataRow<string, string>> Rows(IReadOnlyList<RecordedModel> models)
    {
        if (!SharedFolder.IsPresent)
        {
            yield return new("-", "-") { Skip = SharedFolder.Absent };
        }

        foreach (var recorded in models.SelectMany(static m => m.Cases))
        {
            yield return new(recorded.Model.Name, recorded.Id);
        }
    }
}
