namespace TfRunner.Onnx.Host.Kernels;

/// <summary>
/// The best k of a row as TensorFlow's heap leaves them: the worst of the first k + 1 is taken out, then for each better candidate the worst of
/// k is replaced. Source: the behaviour of TopKV2 with sorted off, and the binary heap of the C++ standard library that it is made with.
/// </summary>
internal static class TopHeap
{
    /// <summary>Finds the best of a row.</summary>
    /// <param name="count">The number of candidates, more than <paramref name="k"/>.</param>
    /// <param name="k">How many are wanted.</param>
    /// <param name="isBetter">Whether a candidate comes before another; no two are alike.</param>
    /// <returns>The candidates' numbers.</returns>
    public static int[] Of(int count, int k, Func<int, int, bool> isBetter)
    {
        if (k == 0)
        {
            return [];
        }

        int[] heap = [.. Enumerable.Range(0, k + 1)];
        for (var parent = (k - 1) / 2; parent >= 0; parent--)
        {
            Sink(heap, parent, k + 1, heap[parent], isBetter);
        }

        Pop(heap, isBetter);
        heap = heap[..k];
        for (var c = k + 1; c < count; c++)
        {
            if (isBetter(c, heap[0]))
            {
                Pop(heap, isBetter);
                Rise(heap, k - 1, 0, c, isBetter);
            }
        }

        return heap;
    }

    /// <summary>Takes the worst from the front to the end.</summary>
    private static void Pop(int[] heap, Func<int, int, bool> isBetter)
    {
        var last = heap[^1];
        heap[^1] = heap[0];
        Sink(heap, 0, heap.Length - 1, last, isBetter);
    }

    /// <summary>Moves the worse child up at each level down to the end, and the value up from there.</summary>
    private static void Sink(int[] heap, int hole, int length, int value, Func<int, int, bool> isBetter)
    {
        var top = hole;
        var child = hole;
        while (child < (length - 1) / 2)
        {
            child = 2 * (child + 1);
            child -= isBetter(heap[child], heap[child - 1]) ? 1 : 0;
            heap[hole] = heap[child];
            hole = child;
        }

        if (length % 2 == 0 && child == (length - 2) / 2)
        {
            child = 2 * (child + 1);
            heap[hole] = heap[child - 1];
            hole = child - 1;
        }

        Rise(heap, hole, top, value, isBetter);
    }

    private static void Rise(int[] heap, int hole, int top, int value, Func<int, int, bool> isBetter)
    {
        for (var parent = (hole - 1) / 2; hole > top && isBetter(heap[parent], value); parent = (hole - 1) / 2)
        {
            heap[hole] = heap[parent];
            hole = parent;
        }

        heap[hole] = value;
    }
}
