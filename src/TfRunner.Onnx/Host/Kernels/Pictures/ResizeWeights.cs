namespace TfRunner.Onnx.Host.Kernels.Pictures;

/// <summary>For every place along an axis of a resized picture, the source places that it is a weighted sum of.</summary>
internal sealed class ResizeWeights
{
    private readonly (int Source, float Weight)[][] taps;

    public ResizeWeights(long count, Func<int, (int Source, float Weight)[]> taps) => this.taps = [.. Enumerable.Range(0, (int)count).Select(taps)];

    public (int Source, float Weight)[] this[int place] => taps[place];
}
