using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>A function made ready to be executed op by op.</summary>
/// <param name="ArgumentCount">How many arguments it has; they are the first slots.</param>
/// <param name="SlotCount">How many slots a run needs: one per tensor.</param>
/// <param name="Nodes">Its nodes in an order in which each comes after its inputs.</param>
/// <param name="Constants">The slots that hold the same tensor in each run, and those tensors.</param>
/// <param name="Results">The slots of what it gives.</param>
/// <param name="Flow">For bodies with control flow of TensorFlow 1, where values can be dead and the order is not fixed; else null.</param>
internal sealed record EagerBody(
    int ArgumentCount,
    int SlotCount,
    EagerNode[] Nodes,
    (int Slot, EagerTensorHandle Tensor)[] Constants,
    int[] Results,
    FlowPlan? Flow) : IDisposable
{
    public bool HasDeadValues => Flow is not null;

    public void Dispose()
    {
        Array.ForEach(Nodes, static n => n.Dispose());
        Array.ForEach(Constants, static c => c.Tensor.Dispose());
    }
}
