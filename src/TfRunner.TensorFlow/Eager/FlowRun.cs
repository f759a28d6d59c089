using System.Runtime.InteropServices;
using TfRunner.TensorFlow.Native;

namespace TfRunner.TensorFlow.Eager;

/// <summary>
/// Executes a body with control flow of TensorFlow 1, where a node runs when its inputs have come and values can be dead.
/// The rules are those of "Implementation of Control Flow in TensorFlow" (2017): Switch sends its value one way and death
/// the other, Merge takes the first living value, Enter and Exit lead into a loop and out of it, and NextIteration into
/// the loop's next turn. One thread, so that no order has to be guarded.
/// </summary>
internal sealed unsafe class FlowRun(EagerCall call, EagerBody body)
{
    private readonly EagerNode[] nodes = body.Nodes;
    private readonly FlowPlan plan = body.Flow!;
    private readonly FlowFrame root = new(null, 0, body.Nodes.Length);
    private readonly Queue<(int Node, FlowFrame Frame, int Turn)> ready = new();
    private readonly List<FlowFrame> frames = [];
    private readonly List<FlowValue> values = [];
    private readonly FlowValue?[] given = new FlowValue?[body.SlotCount];

    public bool Run(IntPtr* arguments, IntPtr* results)
    {
        var slots = (IntPtr*)NativeMemory.AllocZeroed((nuint)body.SlotCount + 1, (nuint)sizeof(IntPtr));
        try
        {
            frames.Add(root);
            for (var i = 0; i < body.ArgumentCount; i++)
            {
                Deliver(i, Track(new(arguments[i], isOwned: false, int.MaxValue)), root, 0);
            }

            for (var n = 0; n < nodes.Length; n++)
            {
                if (nodes[n].Inputs.Length == 0 && plan.ControlCount[n] == 0)
                {
                    ready.Enqueue((n, root, 0));
                }
            }

            do
            {
                while (ready.TryDequeue(out var next))
                {
                    if (!Fire(next.Node, next.Frame, next.Turn, slots))
                    {
                        return false;
                    }
                }
            }
            while (KillExits());

            return Give(results);
        }
        finally
        {
            values.ForEach(v => v.Delete(call));
            NativeMemory.Free(slots);
        }
    }

    private bool Fire(int position, FlowFrame frame, int turn, IntPtr* slots)
    {
        var node = nodes[position];
        var state = frame.State(turn, position, nodes, plan);
        if (state.HasRun)
        {
            return true;
        }

        state.HasRun = true;
        var dead = node.Kind == OpKind.Merge ? state.FirstLiving < 0 : state.IsDead;
        var outputs = new FlowValue[node.OutputCount];
        Array.Fill(outputs, FlowValue.Dead);
        if (!dead && !Compute(node, state, outputs, slots))
        {
            return false;
        }

        foreach (var input in state.Inputs)
        {
            input?.Read(call);
        }

        Propagate(position, node, frame, turn, outputs, dead);
        return true;
    }

    private bool Compute(EagerNode node, FlowNodeState state, FlowValue[] outputs, IntPtr* slots)
    {
        switch (node.Kind)
        {
            case OpKind.Switch:
                var truth = call.Truth(state.Inputs[1]!.Handle);
                if (truth < 0)
                {
                    return false;
                }

                Pass(state.Inputs[0]!, outputs, truth, node);
                return true;
            case OpKind.Merge:
                Pass(state.Inputs[state.FirstLiving]!, outputs, 0, node);
                if (node.OutputCount > 1 && plan.Readers[node.Output + 1].Length > 0)
                {
                    using var index = TensorValue.FromScalar(state.FirstLiving);
                    using var handle = EagerTensorHandle.From(index);
                    outputs[1] = Made(call.Api.TFE_TensorHandleCopySharingTensor(handle.Pointer, call.Status), node.Output + 1);
                }

                return call.IsOk;
            case OpKind.Enter or OpKind.Exit or OpKind.NextIteration or OpKind.LoopCondition:
                Pass(state.Inputs[0]!, outputs, 0, node);
                return true;
            case OpKind.Constant:
                var constant = Array.Find(body.Constants, c => c.Slot == node.Output).Tensor;
                outputs[0] = Track(new(constant.Pointer, isOwned: false, int.MaxValue));
                return true;
            default:
                for (var i = 0; i < node.Inputs.Length; i++)
                {
                    slots[node.Inputs[i]] = state.Inputs[i]!.Handle;
                }

                if (!EagerExecutor.Step(call, node, slots))
                {
                    return false;
                }

                for (var k = 0; k < node.OutputCount; k++)
                {
                    outputs[k] = Made(slots[node.Output + k], node.Output + k);
                }

                return true;
        }
    }

    private void Pass(FlowValue value, FlowValue[] outputs, int index, EagerNode node)
    {
        value.Keep(Uses(node.Output + index));
        outputs[index] = value;
    }

    private FlowValue Made(IntPtr handle, int slot)
    {
        var value = Track(new(handle, isOwned: true, Uses(slot)));
        if (Uses(slot) == 0)
        {
            value.Delete(call);
        }

        return value;
    }

    // Results are kept to the end.
    private int Uses(int slot) => body.Results.Contains(slot) ? int.MaxValue / 2 : plan.Readers[slot].Length;

    private FlowValue Track(FlowValue value)
    {
        values.Add(value);
        return value;
    }

    private void Propagate(int position, EagerNode node, FlowFrame frame, int turn, FlowValue[] outputs, bool dead)
    {
        switch (node.Kind)
        {
            case OpKind.Enter:
                var child = frame.Child(turn, node.Frame);
                if (child.Turns == 0 && child.Constants.Count == 0 && !frames.Contains(child))
                {
                    frames.Add(child);
                }

                if (node.IsLoopConstant && !dead)
                {
                    outputs[0].Keep(int.MaxValue / 4);
                    child.Constants.Add((node.Output, outputs[0]));
                    for (var later = 1; later < child.Turns; later++)
                    {
                        Deliver(node.Output, outputs[0], child, later);
                    }
                }

                Send(position, node, outputs, dead, child, 0);
                break;
            case OpKind.Exit when dead:
                frame.DeadExits.TryAdd(position, true);
                break;
            case OpKind.Exit:
                frame.DeadExits[position] = false;
                Send(position, node, outputs, dead, frame.Parent!, frame.ParentTurn);
                break;
            case OpKind.NextIteration when dead:
                break;
            case OpKind.NextIteration:
                if (frame.Turns <= turn + 1)
                {
                    _ = frame.State(turn + 1, position, nodes, plan);
                    foreach (var (slot, value) in frame.Constants)
                    {
                        Deliver(slot, value, frame, turn + 1);
                    }
                }

                Send(position, node, outputs, dead, frame, turn + 1);
                break;
            default:
                Send(position, node, outputs, dead, frame, turn);
                break;
        }
    }

    private void Send(int position, EagerNode node, FlowValue[] outputs, bool dead, FlowFrame frame, int turn)
    {
        for (var k = 0; k < outputs.Length; k++)
        {
            Deliver(node.Output + k, outputs[k], frame, turn);
        }

        foreach (var follower in plan.Followers[position])
        {
            var state = frame.State(turn, follower, nodes, plan);
            state.MissingControls--;
            state.IsDead |= dead;
            Check(follower, state, frame, turn);
        }
    }

    private void Deliver(int slot, FlowValue value, FlowFrame frame, int turn)
    {
        if (frame == root)
        {
            given[slot] = value;
        }

        foreach (var (reader, input) in plan.Readers[slot])
        {
            var state = frame.State(turn, reader, nodes, plan);
            if (state.Inputs[input] is not null)
            {
                continue;
            }

            state.Inputs[input] = value;
            state.MissingInputs--;
            state.IsDead |= value.IsDead;
            if (value.IsDead)
            {
                state.DeadInputs++;
            }
            else if (state.FirstLiving < 0)
            {
                state.FirstLiving = input;
            }

            Check(reader, state, frame, turn);
        }
    }

    private void Check(int position, FlowNodeState state, FlowFrame frame, int turn)
    {
        var come = nodes[position].Kind == OpKind.Merge
            ? state.FirstLiving >= 0 || state.DeadInputs >= plan.ForwardCount[position]
            : state.MissingInputs == 0;
        if (come && state.MissingControls == 0 && !state.HasRun)
        {
            ready.Enqueue((position, frame, turn));
        }
    }

    /// <summary>When nothing moves any more, loops whose Exit never let a value out were dead themselves, the innermost first.</summary>
    private bool KillExits()
    {
        foreach (var frame in frames.Where(static f => f.DeadExits.ContainsValue(true)).OrderByDescending(static f => f.Depth).Take(1))
        {
            foreach (var position in frame.DeadExits.Where(static e => e.Value).Select(static e => e.Key).ToList())
            {
                frame.DeadExits[position] = false;
                Send(position, nodes[position], [FlowValue.Dead], dead: true, frame.Parent!, frame.ParentTurn);
            }

            return true;
        }

        return false;
    }

    private bool Give(IntPtr* results)
    {
        for (var i = 0; i < body.Results.Length; i++)
        {
            var value = given[body.Results[i]];
            if (value is null || value.IsDead)
            {
                call.Failure.Set(ErrorCode.FailedPrecondition, "a result depends on a branch that was not taken");
            }
            else
            {
                results[i] = call.Api.TFE_TensorHandleCopySharingTensor(value.Handle, call.Status);
            }

            if (!call.IsOk)
            {
                for (var k = 0; k < i; k++)
                {
                    call.Api.TFE_DeleteTensorHandle(results[k]);
                    results[k] = IntPtr.Zero;
                }

                return false;
            }
        }

        return true;
    }
}
