namespace TfRunner.TensorFlow.Library;

/// <summary>Operating systems whose names and places of libraries differ.</summary>
internal enum NativePlatform
{
    Linux,
    Windows,
    MacOS,
}
