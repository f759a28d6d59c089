using System.Runtime.InteropServices;

namespace TfRunner.TensorFlow.Eager;

/// <summary>
/// Executes bodies node by node. A slot holds a handle; its lowest bit says that somebody else owns it. Makes no managed
/// object, save for bodies with control flow of TensorFlow 1.
/// </summary>
internal static unsafe class EagerExecutor
{
    /// <summary>The bit of a handle that is not the slot's own; handles are pointers to objects, so it is free.</summary>
    public const nint Borrowed = 1;

    private const int MostOnStack = 256;

    /// <summary>Executes a body.</summary>
    /// <param name="call">The call.</param>
    /// <param name="body">The body.</param>
    /// <param name="arguments">Its arguments; stay the caller's.</param>
    /// <param name="results">Receives what it gives; the caller deletes them. Untouched when it fails.</param>
    /// <returns>Whether it went well; the status says what did not.</returns>
    public static bool Run(in EagerCall call, EagerBody body, IntPtr* arguments, IntPtr* results)
    {
        if (body.HasDeadValues)
        {
            return new FlowRun(call, body).Run(arguments, results);
        }

        var large = body.SlotCount > MostOnStack;
        var stack = stackalloc IntPtr[large ? 1 : body.SlotCount + 1];
        var slots = large ? (IntPtr*)NativeMemory.Alloc((nuint)body.SlotCount, (nuint)sizeof(IntPtr)) : stack;
        new Span<IntPtr>(slots, body.SlotCount).Clear();
        try
        {
            for (var i = 0; i < body.ArgumentCount; i++)
            {
                slots[i] = arguments[i] | Borrowed;
            }

            foreach (var (slot, tensor) in body.Constants)
            {
                slots[slot] = tensor.Pointer | Borrowed;
            }

            foreach (var node in body.Nodes)
            {
                if (!Step(call, node, slots))
                {
                    return false;
                }

                foreach (var slot in node.Release)
                {
                    Release(call, slots, slot);
                }
            }

            return Give(call, body.Results, slots, results);
        }
        finally
        {
            for (var i = 0; i < body.SlotCount; i++)
            {
                Release(call, slots, i);
            }

            if (large)
            {
                NativeMemory.Free(slots);
            }
        }
    }

    /// <summary>Executes one node, entering the functions that it calls.</summary>
    public static bool Step(in EagerCall call, EagerNode node, IntPtr* slots)
    {
        switch (node.Kind)
        {
            case OpKind.Plain:
                return call.Execute(node, slots);
            case OpKind.Call:
                return Enter(call, node, 0, 0, slots);
            case OpKind.If:
                var truth = call.Truth(slots[node.Inputs[0]]);
                return truth >= 0 && Enter(call, node, truth == 1 ? 0 : 1, 1, slots);
            case OpKind.Case:
                var branch = Index(call, slots[node.Inputs[0]]);
                return call.IsOk && Enter(call, node, branch >= 0 && branch < node.Bodies.Length ? branch : node.Bodies.Length - 1, 1, slots);
            case OpKind.While:
                return Loop(call, node, slots);
            default:
                return true;
        }
    }

    private static bool Enter(in EagerCall call, EagerNode node, int body, int skip, IntPtr* slots)
    {
        var count = node.Inputs.Length - skip;
        var arguments = stackalloc IntPtr[count + 1];
        for (var i = 0; i < count; i++)
        {
            arguments[i] = slots[node.Inputs[skip + i]] & ~Borrowed;
        }

        return Run(call, call.Bodies.Get(node.Bodies[body]), arguments, slots + node.Output);
    }

    private static bool Loop(in EagerCall call, EagerNode node, IntPtr* slots)
    {
        var condition = call.Bodies.Get(node.Bodies[0]);
        var body = call.Bodies.Get(node.Bodies[1]);
        var count = node.Inputs.Length;
        var memory = stackalloc IntPtr[(2 * count) + 1];
        var values = memory;
        var next = memory + count;
        for (var i = 0; i < count; i++)
        {
            values[i] = slots[node.Inputs[i]] | Borrowed;
        }

        while (true)
        {
            var proceed = Condition(call, condition, values, count);
            if (proceed != 1)
            {
                var ended = proceed == 0 && GiveAll(call, values, count, slots + node.Output);
                ReleaseAll(call, values, count);
                return ended;
            }

            if (!RunBorrowed(call, body, values, count, next))
            {
                ReleaseAll(call, values, count);
                return false;
            }

            ReleaseAll(call, values, count);
            var old = values;
            values = next;
            next = old;
        }
    }

    // Arguments are passed without the bit that says whose they are.
    private static bool RunBorrowed(in EagerCall call, EagerBody body, IntPtr* values, int count, IntPtr* results)
    {
        var arguments = stackalloc IntPtr[count + 1];
        for (var i = 0; i < count; i++)
        {
            arguments[i] = values[i] & ~Borrowed;
        }

        return Run(call, body, arguments, results);
    }

    private static int Condition(in EagerCall call, EagerBody body, IntPtr* values, int count)
    {
        IntPtr result;
        if (!RunBorrowed(call, body, values, count, &result))
        {
            return -1;
        }

        var truth = call.Truth(result);
        call.Api.TFE_DeleteTensorHandle(result);
        return truth;
    }

    /// <summary>Hands slots out as results. A handle that is not the slot's own, or that went out already, gets a further handle.</summary>
    private static bool Give(in EagerCall call, int[] from, IntPtr* slots, IntPtr* results)
    {
        for (var i = 0; i < from.Length; i++)
        {
            if (!GiveOne(call, slots + from[i], results + i))
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

    private static bool GiveAll(in EagerCall call, IntPtr* values, int count, IntPtr* results)
    {
        for (var i = 0; i < count; i++)
        {
            if (!GiveOne(call, values + i, results + i))
            {
                return false;
            }
        }

        return true;
    }

    private static bool GiveOne(in EagerCall call, IntPtr* slot, IntPtr* result)
    {
        if ((*slot & Borrowed) == 0)
        {
            *result = *slot;
            *slot |= Borrowed;
            return true;
        }

        *result = call.Api.TFE_TensorHandleCopySharingTensor(*slot & ~Borrowed, call.Status);
        return call.IsOk;
    }

    private static int Index(in EagerCall call, IntPtr handle)
    {
        var tensor = call.Api.TFE_TensorHandleResolve(handle & ~Borrowed, call.Status);
        if (!call.IsOk)
        {
            return -1;
        }

        var index = *(int*)call.Api.TF_TensorData(tensor);
        call.Api.TF_DeleteTensor(tensor);
        return index;
    }

    private static void ReleaseAll(in EagerCall call, IntPtr* values, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Release(call, values, i);
        }
    }

    private static void Release(in EagerCall call, IntPtr* slots, int slot)
    {
        if (slots[slot] != IntPtr.Zero && (slots[slot] & Borrowed) == 0)
        {
            call.Api.TFE_DeleteTensorHandle(slots[slot]);
        }

        slots[slot] = IntPtr.Zero;
    }
}
