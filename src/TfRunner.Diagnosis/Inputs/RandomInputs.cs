using TfRunner.Measurement;

namespace TfRunner.Diagnosis.Inputs;

/// <summary>Makes random inputs that fit a signature: floats from 0 to 1, small integers, and text of the kind the graph takes.</summary>
internal sealed class RandomInputs
{
    private const int MaxSentence = 8;
    private static readonly string[] MadeUp = ["the", "model", "ran", "a", "small", "graph", "and", "time", "told"];
    private readonly Signature signature;
    private readonly IReadOnlyList<byte[]> words;
    private readonly byte[] example;
    private readonly bool splitsText;
    private readonly ulong seed;

    public RandomInputs(SavedModel savedModel, Signature signature, ulong seed)
    {
        this.signature = signature;
        this.seed = seed;
        words = Vocabulary.Words(savedModel, signature);
        var ops = Ops(savedModel, signature);
        example = ExampleText.Make(savedModel);
        splitsText = ops.Any(static o => o.Contains("Split", StringComparison.Ordinal) && (o.StartsWith("String", StringComparison.Ordinal) || o.StartsWith("Regex", StringComparison.Ordinal)));
        Recipes = InputRecipe.All(
            ops.Any(static o => o.StartsWith("Decode", StringComparison.Ordinal) && o is not ("DecodeRaw" or "DecodeCSV" or "DecodeBase64")) ? TextKind.Picture
            : ops.Any(static o => o.StartsWith("Parse", StringComparison.Ordinal)) ? TextKind.Example
            : ops.Contains("StringToNumber") ? TextKind.Number
            : TextKind.Words);
    }

    /// <summary>The guesses, the likeliest first; those that give the same inputs for this signature are left out.</summary>
    public IReadOnlyList<InputRecipe> Recipes
    {
        get;
        private init => field = [.. value.DistinctBy(Effect)];
    }

    /// <summary>Whether strings are taken from the model's own vocabulary.</summary>
    public bool UsesVocabulary => words.Count > 0 && signature.Inputs.Any(static i => i.DType == DType.String);

    /// <summary>Makes the inputs.</summary>
    /// <param name="recipe">The guess.</param>
    /// <param name="batch">What an unknown first dimension is given.</param>
    /// <returns>One tensor per input; the caller disposes them.</returns>
    public TensorValue[] Make(InputRecipe recipe, int batch)
    {
        var random = new SeededRandom(seed);
        return [.. signature.Inputs.Select(spec => Sparse(spec, batch) ?? Dense(spec, recipe, batch, random))];
    }

    private static HashSet<string> Ops(SavedModel savedModel, Signature signature)
    {
        try
        {
            return [.. savedModel.Graph.Reach(signature).Ops.Select(static o => o.Op)];
        }
        catch (TfRunnerException)
        {
            return [];
        }
    }

    /// <summary>The parts of a sparse tensor that the loader flattened: one value per row, in column 0.</summary>
    private TensorValue? Sparse(TensorSpec spec, int batch)
    {
        var cut = spec.Name.LastIndexOf('_');
        var stem = spec.Name.EndsWith("_dense_shape", StringComparison.Ordinal) ? spec.Name[..^"_dense_shape".Length] : cut < 0 ? "" : spec.Name[..cut];
        if (stem.Length == 0 || !signature.Inputs.Any(i => i.Name == stem + "_dense_shape"))
        {
            return null;
        }

        var rank = signature.Inputs.FirstOrDefault(i => i.Name == stem + "_dense_shape") is { Shape: { IsRankKnown: true, Rank: 1 } shape } && shape[0] > 0 ? (int)shape[0] : 2;
        if (spec.Name == stem + "_dense_shape")
        {
            return TensorValue.From([batch, .. Enumerable.Repeat(8L, rank - 1)], rank);
        }

        if (spec.Name == stem + "_indices")
        {
            long[] indices = [.. Enumerable.Range(0, batch).SelectMany(row => Enumerable.Repeat(0L, rank - 1).Prepend(row))];
            return TensorValue.From(indices, batch, rank);
        }

        return null;
    }

    private TensorValue Dense(TensorSpec spec, InputRecipe recipe, int batch, SeededRandom random)
    {
        var tensor = TensorValue.Zeros(spec.DType, Dimensions(spec.Shape, recipe, batch));
        var count = (int)tensor.Length;
        switch (spec.DType)
        {
            case DType.String:
                for (var i = 0; i < count; i++)
                {
                    tensor.Strings[i] = Text(recipe.Text, random);
                }

                break;
            case DType.Float32:
                Fill(tensor.AsSpan<float>(), () => (float)random.Uniform());
                break;
            case DType.Float64:
                Fill(tensor.AsSpan<double>(), random.Uniform);
                break;
            case DType.Float16:
                Fill(tensor.AsSpan<Half>(), () => (Half)random.Uniform());
                break;
            case DType.BFloat16:
                Fill(tensor.AsSpan<BFloat16>(), () => BFloat16.FromSingle((float)random.Uniform()));
                break;
            case DType.Complex64:
                Fill(tensor.AsSpan<Complex64>(), () => new((float)random.Uniform(), (float)random.Uniform()));
                break;
            case DType.Complex128:
                Fill(tensor.AsSpan<System.Numerics.Complex>(), () => new(random.Uniform(), random.Uniform()));
                break;
            case DType.Bool:
                Fill(tensor.Bytes, () => (byte)random.Below(2));
                break;
            case DType.Int32 or DType.UInt32 or DType.QInt32:
                Integers(tensor, 4, recipe, random);
                break;
            case DType.Int64 or DType.UInt64:
                Integers(tensor, 8, recipe, random);
                break;
            case DType.Int16 or DType.UInt16 or DType.QInt16 or DType.QUInt16:
                Integers(tensor, 2, recipe, random);
                break;
            default:
                Integers(tensor, 1, recipe, random);
                break;
        }

        return tensor;
    }

    private static void Fill<T>(Span<T> span, Func<T> next)
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = next();
        }
    }

    /// <summary>Little-endian integers of any width: all are below 256, so the lowest byte holds them.</summary>
    private static void Integers(TensorValue tensor, int size, InputRecipe recipe, SeededRandom random)
    {
        var bytes = tensor.Bytes;
        for (var i = 0; i < bytes.Length; i += size)
        {
            bytes[i] = (byte)random.Below(recipe.MaxInteger + 1);
        }
    }

    private static long[] Dimensions(TensorShape shape, InputRecipe recipe, int batch)
    {
        if (!shape.IsRankKnown)
        {
            return recipe.UnknownRank == 0 ? [] : [batch, .. Enumerable.Repeat((long)recipe.Free, recipe.UnknownRank - 1)];
        }

        var dimensions = shape.Dimensions.ToArray();
        for (var i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = dimensions[i] >= 0 ? dimensions[i] : i == 0 ? batch : i == dimensions.Length - 1 ? recipe.Last : recipe.Free;
        }

        return dimensions;
    }

    private byte[] Text(TextKind kind, SeededRandom random) => kind switch
    {
        TextKind.Words => Words(random),
        TextKind.Picture => TinyPicture.Png(random),
        TextKind.Number => System.Text.Encoding.UTF8.GetBytes(random.Below(10).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        TextKind.Example => example,
        _ => [],
    };

    /// <summary>One word where a lookup takes whole strings; several where the graph splits text.</summary>
    private byte[] Words(SeededRandom random)
    {
        var text = new List<byte>();
        for (var left = splitsText ? 1 + random.Below(MaxSentence) : 1; left > 0; left--)
        {
            text.AddRange(words.Count > 0 ? words[random.Below(words.Count)] : System.Text.Encoding.UTF8.GetBytes(MadeUp[random.Below(MadeUp.Length)]));
            if (left > 1)
            {
                text.Add((byte)' ');
            }
        }

        return [.. text];
    }

    /// <summary>What of a recipe matters to this signature.</summary>
    private (int Free, int Last, TextKind Text, int Integer, int Rank) Effect(InputRecipe recipe)
    {
        var shapes = signature.Inputs.Select(static i => i.Shape).ToList();
        var hasFree = shapes.Any(static s => !s.IsRankKnown || s.Dimensions.Length > 2 && s.Dimensions[1..^1].Contains(-1));
        var hasLast = shapes.Any(static s => s.IsRankKnown && s.Rank > 1 && s[s.Rank - 1] < 0);
        return (
            hasFree ? recipe.Free : 0,
            hasLast ? recipe.Last : 0,
            signature.Inputs.Any(static i => i.DType == DType.String) ? recipe.Text : 0,
            signature.Inputs.Any(static i => !i.DType.IsFloating() && i.DType is not (DType.String or DType.Bool or DType.Complex64 or DType.Complex128)) ? recipe.MaxInteger : 0,
            shapes.Any(static s => !s.IsRankKnown) ? recipe.UnknownRank : 0);
    }
}
