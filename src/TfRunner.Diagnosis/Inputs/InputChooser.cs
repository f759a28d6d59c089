using TfRunner.Data.Formats;

namespace TfRunner.Diagnosis.Inputs;

/// <summary>Chooses inputs: rows of the user's own, or random ones that the model is seen to take.</summary>
/// <param name="savedModel">The model.</param>
/// <param name="signature">What is called.</param>
/// <param name="seed">Decides random inputs.</param>
internal sealed class InputChooser(SavedModel savedModel, Signature signature, ulong seed)
{
    private readonly RandomInputs random = new(savedModel, signature, seed);

    /// <summary>The user's own rows, repeated when there are fewer than a batch.</summary>
    /// <param name="given">One tensor per input; stays the caller's.</param>
    /// <param name="batch">How many rows; null takes the tensors as they are.</param>
    /// <param name="source">Where they come from.</param>
    /// <returns>The inputs.</returns>
    public ChosenInputs Own(IReadOnlyList<TensorValue> given, int? batch, string source)
    {
        TensorValue[] tensors = [.. given.Select((tensor, i) => batch is { } rows && HasBatch(signature.Inputs[i], tensor) ? Rows(tensor, rows) : tensor.Clone())];
        return new(batch ?? 0, tensors, -1, $"{source}: {Shapes(tensors)}");
    }

    /// <summary>The inputs of a recipe, for a process that is told which.</summary>
    public ChosenInputs Remake(int recipe, int batch)
    {
        var tensors = random.Make(random.Recipes[Math.Clamp(recipe, 0, random.Recipes.Count - 1)], batch);
        return new(batch, tensors, recipe, Describe(tensors));
    }

    /// <summary>Random inputs that a predictor takes.</summary>
    /// <param name="batch">Rows where the signature leaves them open.</param>
    /// <param name="first">The recipe to try first.</param>
    /// <param name="tryCall">Makes one call; throws what the model throws.</param>
    /// <param name="giveUp">Whether enough has been tried.</param>
    /// <returns>The inputs.</returns>
    /// <exception cref="TfRunnerException">What the model said to the likeliest guess, when it takes none.</exception>
    public ChosenInputs Find(int batch, int first, Action<TensorValue[]> tryCall, Func<bool> giveUp)
    {
        TfRunnerException? refusal = null;
        foreach (var i in Enumerable.Range(0, random.Recipes.Count).OrderBy(i => i != first))
        {
            var inputs = random.Make(random.Recipes[i], batch);
            try
            {
                tryCall(inputs);
                return new(batch, inputs, i, Describe(inputs));
            }
            catch (TfRunnerException e) when (e.Stage is ErrorStage.Run or ErrorStage.Data)
            {
                Array.ForEach(inputs, static t => t.Dispose());
                refusal ??= e;
                if (giveUp())
                {
                    break;
                }
            }
        }

        throw new TfRunnerException(
            refusal!.Code, ErrorStage.Data, $"the model takes no random input: {refusal.Message}", "give it one of its own with --input FILE", refusal);
    }

    private static bool HasBatch(TensorSpec spec, TensorValue tensor) =>
        tensor.Rank > 0 && (!spec.Shape.IsRankKnown || spec.Shape[0] < 0) && !spec.Name.EndsWith("_dense_shape", StringComparison.Ordinal);

    private static TensorValue Rows(TensorValue tensor, int rows)
    {
        var have = tensor.Dimensions[0];
        if (have >= rows || have == 0)
        {
            return TensorRows.Take(tensor, 0, Math.Min(have, rows));
        }

        var result = TensorValue.Allocate(tensor.DType, [rows, .. tensor.Dimensions[1..]]);
        for (var at = 0L; at < rows; at += have)
        {
            result.CopyRows(tensor, 0, at, Math.Min(have, rows - at));
        }

        return result;
    }

    private static string Shapes(TensorValue[] tensors) => tensors.Length == 0 ? "no inputs" : string.Join("; ", tensors.Select(static t => t.ToString()));

    private string Describe(TensorValue[] tensors) =>
        FormattableString.Invariant($"random, seed {seed}{(random.UsesVocabulary ? ", words of the model's vocabulary" : "")}: {Shapes(tensors)}");
}
