using TfRunner.RecordedCases;

namespace TfRunner.SavedModels.Tests;

/// <summary>Rows for theories over every model that can be seen from here.</summary>
public static class VisibleModels
{
    public const string Incomplete = "serving_tf_text_regression_incomplete";

    public static IEnumerable<TheoryDataRow<string>> Readable() => Rows(RecordedModel.Small.Concat(Wild()).Where(static m => m.Name != Incomplete));

    public static IEnumerable<TheoryDataRow<string>> OfOtherProjects() => Rows(Wild().Where(static m => m.Name != Incomplete));

    private static IEnumerable<RecordedModel> Wild() => SharedFolder.IsPresent ? RecordedModel.Wild.Value : [];

    private static IEnumerable<TheoryDataRow<string>> Rows(IEnumerable<RecordedModel> models) => SharedFolder.IsPresent
        ? models.Select(static m => new TheoryDataRow<string>(m.Name))
        : [new("-") { Skip = SharedFolder.Absent }];
}
