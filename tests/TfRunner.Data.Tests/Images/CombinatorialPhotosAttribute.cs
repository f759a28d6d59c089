using System.Reflection;
using TfRunner.Data.Images;
using Xunit.Sdk;
using Xunit.v3;

namespace TfRunner.Data.Tests.Images;

/// <summary>Every photograph with every way of resizing that was recorded.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CombinatorialPhotosAttribute : DataAttribute
{
    private static readonly (string Reference, ResizeMethod Method)[] Methods =
    [
        ("tf_bilinear", ResizeMethod.Bilinear),
        ("tf_bilinear_antialias", ResizeMethod.BilinearAntialias),
        ("tf_resize_with_pad", ResizeMethod.Pad),
        ("keras_load_img_nearest", ResizeMethod.Nearest),
        ("keras_load_img_bilinear", ResizeMethod.BilinearAntialias),
    ];

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new([..
        from photo in new[] { "china", "flower", "china_4k", "flower_4k" }
        from method in Methods
        select new TheoryDataRow<string, string, ResizeMethod>(photo, method.Reference, method.Method)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
