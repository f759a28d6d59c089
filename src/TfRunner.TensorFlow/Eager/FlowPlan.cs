namespace TfRunner.TensorFlow.Eager;

/// <summary>Who waits for whom in a body with control flow of TensorFlow 1.</summary>
internal sealed class FlowPlan
{
    /// <param name="nodes">The nodes.</param>
    /// <param name="slotCount">How many slots there are.</param>
    /// <param name="controls">For each node the positions of the nodes that it waits for.</param>
    public FlowPlan(EagerNode[] nodes, int slotCount, int[][] controls)
    {
        var readers = new List<(int, int)>[slotCount];
        var followers = new List<int>[nodes.Length];
        var producer = new int[slotCount];
        Array.Fill(producer, -1);
        for (var n = 0; n < nodes.Length; n++)
        {
            for (var k = 0; k < nodes[n].OutputCount; k++)
            {
                producer[nodes[n].Output + k] = n;
            }

            for (var i = 0; i < nodes[n].Inputs.Length; i++)
            {
                (readers[nodes[n].Inputs[i]] ??= []).Add((n, i));
            }

            foreach (var control in controls[n])
            {
                (followers[control] ??= []).Add(n);
            }
        }

        Readers = [.. readers.Select(static r => r?.ToArray() ?? [])];
        Followers = [.. followers.Select(static f => f?.ToArray() ?? [])];
        ControlCount = [.. controls.Select(static c => c.Length)];

        // What comes back from a loop's last turn is not there in its first.
        ForwardCount = [.. nodes.Select(n => n.Inputs.Count(i => producer[i] < 0 || nodes[producer[i]].Kind != OpKind.NextIteration))];
    }

    /// <summary>For each slot the nodes that read it, and as which input.</summary>
    public (int Node, int Input)[][] Readers { get; }

    /// <summary>For each node those that wait for it without reading it.</summary>
    public int[][] Followers { get; }

    public int[] ControlCount { get; }

    /// <summary>For each node how many inputs come from outside of the loop's turns.</summary>
    public int[] ForwardCount { get; }
}
