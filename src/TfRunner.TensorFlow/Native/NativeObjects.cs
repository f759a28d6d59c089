namespace TfRunner.TensorFlow.Native;

/// <summary>Counts the native objects that are alive, so that a test can see that none is left over.</summary>
internal static class NativeObjects
{
    private static long live;

    /// <summary>How many statuses, buffers, tensors, graphs, sessions, contexts and handles exist now.</summary>
    public static long Live => Interlocked.Read(ref live);

    public static void Created(int count = 1) => Interlocked.Add(ref live, count);

    public static void Deleted(int count = 1) => Interlocked.Add(ref live, -count);
}
