using System.Globalization;

namespace TfRunner.Data.Images;

/// <summary>What is done to samples of 0 to 255 before a model takes them: <c>sample * Scale + offset</c> per channel, in RGB or BGR order.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Scale">The factor per channel, in the order that the model takes.</param>
/// <param name="Offset">What is added per channel after the factor.</param>
/// <param name="BlueFirst">Whether the model takes blue, green, red.</param>
public sealed record Preprocessing(string Name, IReadOnlyList<float> Scale, IReadOnlyList<float> Offset, bool BlueFirst = false)
{
    /// <summary>Samples as they are.</summary>
    public static Preprocessing None { get; } = new("none", [1f, 1f, 1f], [0f, 0f, 0f]);

    /// <summary>Whether samples stay as they are.</summary>
    internal bool IsNothing => !BlueFirst && Scale.All(static s => s == 1f) && Offset.All(static o => o == 0f);

    // Source: the documents of keras.applications. "tf": x / 127.5 - 1.
    private static readonly Preprocessing SignedUnit = new("tf", [1 / 127.5f, 1 / 127.5f, 1 / 127.5f], [-1f, -1f, -1f]);

    // "caffe": BGR less the means of ImageNet.
    private static readonly Preprocessing Means = new("caffe", [1f, 1f, 1f], [-103.939f, -116.779f, -123.68f], BlueFirst: true);

    // "torch": x / 255, less the mean, by the standard deviation of ImageNet.
    private static readonly Preprocessing Standardised = new(
        "torch",
        [1 / (255 * 0.229f), 1 / (255 * 0.224f), 1 / (255 * 0.225f)],
        [-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f]);

    private static readonly (string Names, Preprocessing Mode)[] Known =
    [
        ("tf mobilenet mobilenet_v2 inception_v3 inception_resnet_v2 xception nasnet nasnetmobile nasnetlarge resnet_v2 resnet50_v2 resnet101_v2 resnet152_v2", SignedUnit),
        ("caffe resnet resnet50 resnet101 resnet152 vgg16 vgg19", Means),
        ("torch densenet densenet121 densenet169 densenet201", Standardised),
        ("none mobilenet_v3 mobilenet_v3_small mobilenet_v3_large efficientnet efficientnet_v2 convnext regnet resnet_rs", None),
    ];

    /// <summary>The names that <see cref="Parse"/> knows, besides <c>scale</c>, <c>scale:FACTOR</c> and <c>scale:A/B</c>.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Known.SelectMany(static k => k.Names.Split(' '))];

    /// <summary>Finds a preprocessing by its name.</summary>
    /// <param name="name">A model of keras.applications, <c>none</c>, <c>scale</c> (to 0..1 by 1/255), <c>scale:1/256</c> or <c>scale:0.5</c>.</param>
    /// <returns>The preprocessing.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument for an unknown name.</exception>
    public static Preprocessing Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == "scale" || name.StartsWith("scale:", StringComparison.Ordinal))
        {
            var factor = Factor(name.Length > 6 ? name[6..] : "1/255") ?? throw Unknown(name);
            return new(name, [factor, factor, factor], [0f, 0f, 0f]);
        }

        // As Keras's modules are called (mobilenet_v2), as its classes are (MobileNetV2), or with hyphens.
        var plain = Plain(name);
        foreach (var (names, mode) in Known)
        {
            if (names.Split(' ').Any(n => Plain(n) == plain) || (mode == None && (plain.StartsWith("efficientnet", StringComparison.Ordinal) || plain.StartsWith("convnext", StringComparison.Ordinal))))
            {
                return mode with { Name = name };
            }
        }

        throw Unknown(name);
    }

    private static string Plain(string name) => name.Replace("_", null, StringComparison.Ordinal).Replace("-", null, StringComparison.Ordinal).ToLowerInvariant();

    private static float? Factor(string text)
    {
        var parts = text.Split('/');
        return parts.Length <= 2 && Number(parts[0]) is { } over && (parts.Length == 1 ? 1 : Number(parts[1])) is { } under && under != 0 ? (float)(over / under) : null;

        static double? Number(string part) => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
    }

    private static TfRunnerException Unknown(string name) =>
        new(ErrorCode.InvalidArgument, ErrorStage.Usage, $"no preprocessing is called '{name}'", $"use scale, scale:1/256, {string.Join(", ", Names)}");
}
