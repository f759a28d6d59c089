using System.Text;
using TfRunner.Diagnosis.Inputs;
using TfRunner.RecordedCases;

namespace TfRunner.Diagnosis.Tests.Inputs;

public class RandomInputsTests
{
    public static TheoryData<string> Models()
    {
        var rows = new TheoryData<string>();
        if (!SharedFolder.IsPresent)
        {
            rows.Add(new TheoryDataRow<string>("-") { Skip = SharedFolder.Absent });
        }

        foreach (var model in RecordedModel.Small)
        {
            rows.Add(model.Name);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Random_inputs_fit_the_signature(string name)
    {
        using var model = Open(name);
        foreach (var (tensor, spec) in Make(model, 3).Zip(model.Signatures[0].Inputs))
        {
            Assert.Equal(spec.DType, tensor.DType);
            Assert.True(spec.Shape.Accepts(tensor.Dimensions), $"{spec}: {tensor}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_same_seed_makes_the_same_inputs(string name)
    {
        using var model = Open(name);
        var (one, two) = (Make(model, 2), Make(model, 2));
        Assert.All(one.Zip(two), static pair => Assert.Equal(
            pair.First.IsString ? pair.First.Strings.SelectMany(static s => s) : pair.First.Bytes.ToArray(),
            pair.Second.IsString ? pair.Second.Strings.SelectMany(static s => s) : pair.Second.Bytes.ToArray()));
    }

    [Fact]
    public void Strings_are_words_of_the_model_s_vocabulary()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = Open("vocab_asset");
        var words = File.ReadAllLines(Assert.Single(model.Assets).Path);
        Assert.All(Make(model, 8).Single(static t => t.IsString).Strings, w => Assert.Contains(Encoding.UTF8.GetString(w), words));
    }

    [Fact]
    public void Rows_of_the_user_s_own_are_repeated_to_fill_a_batch()
    {
        Assert.SkipUnless(SharedFolder.IsPresent, SharedFolder.Absent);
        using var model = Open("affine");
        using var given = TensorValue.From([1f, 2f, 3f], 3);
        using var inputs = new InputChooser(model, model.Signature(), 1).Own([given], 7, "own.npy");
        Assert.Equal([1f, 2f, 3f, 1f, 2f, 3f, 1f], inputs.Tensors[0].AsSpan<float>().ToArray());
    }

    private static SavedModel Open(string name) => SavedModel.Open(RecordedModel.Find(name).SavedModelDirectory);

    private static TensorValue[] Make(SavedModel model, int batch)
    {
        var random = new RandomInputs(model, model.Signatures[0], 5);
        return random.Make(random.Recipes[0], batch);
    }
}
