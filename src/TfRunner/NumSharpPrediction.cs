using NumSharp;
using TfRunner.Engines;

namespace TfRunner;

/// <summary>
/// Predictions from NumSharp arrays to NumSharp arrays. Inputs are read where they are; those that are strided, or that the
/// engine needs aligned and are not, are copied once (see <see cref="NumSharpConversions.CopiedArrays"/>). Outputs own their
/// memory, which stays as long as an array or view over it. A span over an array's memory keeps nothing alive: keep the array
/// as long as the span.
/// </summary>
public static class NumSharpPrediction
{
    /// <summary>Runs one call with inputs in the signature's order.</summary>
    /// <param name="predictor">What is called.</param>
    /// <param name="inputs">One array per input. Must not change during the call; stay the caller's.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>One array per output, in the signature's order.</returns>
    /// <exception cref="TfRunnerException">Unimplemented, before anything runs, when NumSharp has no arrays for an input or
    /// output; InvalidArgument for an input that does not fit; or the model's own failure.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">An array or the predictor has been disposed.</exception>
    public static NDArray[] Predict(this Predictor predictor, ReadOnlySpan<NDArray> inputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        CheckDTypes(predictor.Signature);
        var tensors = Tensors(inputs, predictor, cancellationToken.CanBeCanceled);
        try
        {
            return Array.ConvertAll(predictor.Predict(tensors, cancellationToken), static o => o.IntoNDArray());
        }
        finally
        {
            Dispose(tensors);
        }
    }

    /// <summary>Runs one call with inputs by name.</summary>
    /// <param name="predictor">What is called.</param>
    /// <param name="inputs">One array per input of the signature.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>One array per output, by name.</returns>
    /// <inheritdoc cref="Predict(Predictor, ReadOnlySpan{NDArray}, CancellationToken)"/>
    public static Dictionary<string, NDArray> Predict(
        this Predictor predictor, IReadOnlyDictionary<string, NDArray> inputs, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(inputs);
        CheckDTypes(predictor.Signature);
        var names = inputs.Keys.ToArray();
        var tensors = Tensors([.. names.Select(n => inputs[n])], predictor, cancellationToken.CanBeCanceled);
        try
        {
            var named = names.Zip(tensors).ToDictionary(static p => p.First, static p => p.Second, StringComparer.Ordinal);
            return predictor.Predict(named, cancellationToken).ToDictionary(static o => o.Key, static o => o.Value.IntoNDArray(), StringComparer.Ordinal);
        }
        finally
        {
            Dispose(tensors);
        }
    }

    /// <summary>Settles inputs and outputs for a call that is repeated over the same arrays and allocates nothing on the managed heap.</summary>
    /// <param name="predictor">What is called.</param>
    /// <param name="inputs">One array per input; read anew by each call. On the tensorflow engine, one that is not aligned is
    /// copied by each call, which is counted; <see cref="NumSharpConversions.AlignedZeros(DType, ReadOnlySpan{long})"/> makes arrays that are.</param>
    /// <param name="outputs">One array per output with the exact dtype and shape that the call gives; written by each call.</param>
    /// <returns>The bound call, for one thread at a time; the caller disposes it before the predictor. The arrays' memory stays
    /// as long as it does.</returns>
    /// <exception cref="TfRunnerException">InvalidArgument when an array does not fit the signature, is strided, or is an output
    /// that cannot be written; Unimplemented for dtypes that NumSharp lacks.</exception>
    /// <exception cref="ObjectDisposedException">An array or the predictor has been disposed.</exception>
    public static BoundPredictor Bind(this Predictor predictor, ReadOnlySpan<NDArray> inputs, ReadOnlySpan<NDArray> outputs)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        CheckDTypes(predictor.Signature);
        CheckBinding(inputs, predictor.Signature.Inputs, "input", isWritten: false);
        CheckBinding(outputs, predictor.Signature.Outputs, "output", isWritten: true);
        var from = Tensors(inputs, aligned: false);
        TensorValue[] to = [];
        try
        {
            to = Tensors(outputs, aligned: false);
            return predictor.Bind(from, to).Owning([.. from, .. to], predictor.CopiesUnaligned ? [.. from.Where(NumSharpConversions.IsUnaligned)] : []);
        }
        catch
        {
            Dispose(from);
            Dispose(to);
            throw;
        }
    }

    /// <summary>Runs one call and times its ops, as <see cref="Predictor.Profile"/> does.</summary>
    /// <param name="predictor">What is called.</param>
    /// <param name="inputs">One array per input, in the signature's order. Must not change during the call; stay the caller's.</param>
    /// <returns>One entry per op run, in order of their starts.</returns>
    /// <exception cref="TfRunnerException">Unimplemented when this engine or mode cannot be profiled; InvalidArgument for an
    /// input that does not fit; or the model's own failure.</exception>
    /// <exception cref="ObjectDisposedException">An array or the predictor has been disposed.</exception>
    public static IReadOnlyList<OpTime> Profile(this Predictor predictor, ReadOnlySpan<NDArray> inputs)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        CheckDTypes(predictor.Signature.Inputs, "input", predictor.Signature.Name);
        var tensors = Tensors(inputs, predictor, isCancellable: false);
        try
        {
            return predictor.Profile(tensors);
        }
        finally
        {
            Dispose(tensors);
        }
    }

    /// <summary>The inputs of one call, each copied once at most: here when that lets the engine take it as it is, else there.</summary>
    private static TensorValue[] Tensors(ReadOnlySpan<NDArray> arrays, Predictor predictor, bool isCancellable)
    {
        var isCopiedThere = predictor.CopiesAligned(isCancellable);
        var tensors = Tensors(arrays, aligned: predictor.CopiesUnaligned && !isCopiedThere);
        if (isCopiedThere)
        {
            foreach (var tensor in tensors.Where(NumSharpConversions.IsUnaligned))
            {
                NumSharpConversions.Count(1, tensor.ByteLength);
            }
        }

        return tensors;
    }

    private static TensorValue[] Tensors(ReadOnlySpan<NDArray> arrays, bool aligned)
    {
        var tensors = new TensorValue[arrays.Length];
        try
        {
            for (var i = 0; i < tensors.Length; i++)
            {
                tensors[i] = arrays[i].AsTensorValue(aligned);
            }

            return tensors;
        }
        catch
        {
            Dispose(tensors);
            throw;
        }
    }

    private static void Dispose(TensorValue?[] tensors) => Array.ForEach(tensors, static t => t?.Dispose());

    /// <summary>A call whose result could not be handed out is not made.</summary>
    private static void CheckDTypes(Signature signature)
    {
        CheckDTypes(signature.Inputs, "input", signature.Name);
        CheckDTypes(signature.Outputs, "output", signature.Name);
    }

    private static void CheckDTypes(IReadOnlyList<TensorSpec> specs, string kind, string signature)
    {
        if (specs.FirstOrDefault(static s => !NumSharpConversions.HasArrays(s.DType)) is { } spec)
        {
            throw new TfRunnerException(
                ErrorCode.Unimplemented,
                ErrorStage.Usage,
                $"{kind} '{spec.Name}' of signature '{signature}' is {spec.DType.Name()}, and NumSharp has no such arrays",
                "make the call with TensorValue, and convert the others with AsNDArray and AsTensorValue");
        }
    }

    private static void CheckBinding(ReadOnlySpan<NDArray> arrays, IReadOnlyList<TensorSpec> specs, string kind, bool isWritten)
    {
        for (var i = 0; i < Math.Min(arrays.Length, specs.Count); i++)
        {
            ObjectDisposedException.ThrowIf(arrays[i].IsDisposed, arrays[i]);
            if (NumSharpConversions.BindingProblem(arrays[i], isWritten) is { } problem)
            {
                throw new TfRunnerException(
                    ErrorCode.InvalidArgument, ErrorStage.Usage, $"the array for {kind} '{specs[i].Name}' {problem}", "bind an array of its own: array.copy()");
            }
        }
    }
}
