namespace TfRunner.Onnx.Host;

/// <summary>Computes an op in C#. May be called from many threads at once.</summary>
/// <param name="call">Inputs, attributes and where outputs go.</param>
/// <exception cref="TfRunnerException">What TensorFlow's kernel refuses, with its code.</exception>
internal delegate void HostKernel(HostCall call);
