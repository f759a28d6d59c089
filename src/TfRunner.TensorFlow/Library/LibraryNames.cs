namespace TfRunner.TensorFlow.Library;

/// <summary>What TensorFlow's libraries are called on each platform, best first.</summary>
internal static class LibraryNames
{
    /// <summary>The libraries with the C API: the C-only build, then the one inside the Python package.</summary>
    public static IReadOnlyList<string> Main(NativePlatform platform) => platform switch
    {
        NativePlatform.Windows => ["tensorflow.dll"],
        NativePlatform.MacOS => ["libtensorflow.2.dylib", "libtensorflow.dylib", "libtensorflow_cc.2.dylib", "libtensorflow_cc.dylib"],
        _ => ["libtensorflow.so.2", "libtensorflow.so", "libtensorflow_cc.so.2", "libtensorflow_cc.so"],
    };

    /// <summary>The library that the main one leans on; not on Windows, where one file holds both.</summary>
    public static IReadOnlyList<string> Framework(NativePlatform platform) => platform switch
    {
        NativePlatform.Windows => ["tensorflow_framework.dll"],
        NativePlatform.MacOS => ["libtensorflow_framework.2.dylib", "libtensorflow_framework.dylib"],
        _ => ["libtensorflow_framework.so.2", "libtensorflow_framework.so"],
    };
}
