using System.Runtime.InteropServices;

namespace TfRunner;

/// <summary>A complex number of two binary32, laid out as TensorFlow's complex64: real part first.</summary>
/// <param name="Real">The real part.</param>
/// <param name="Imaginary">The imaginary part.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Complex64(float Real, float Imaginary);
