namespace TfRunner.TensorFlow.Library.Install;

/// <summary>How far an installation is.</summary>
/// <param name="What">What is being done, such as <c>copying libtensorflow.so.2</c>.</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all; null where nobody knows, as during a download.</param>
internal readonly record struct InstallProgress(string What, long Done, long? Total);
