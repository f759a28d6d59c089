namespace TfRunner.TensorFlow.Library.Install;

/// <summary>What <c>native install</c> was asked for.</summary>
/// <param name="From"><c>nuget</c>, <c>pip</c>, or the path of a file or folder.</param>
/// <param name="Version">The version wanted; null takes the newest that the source has.</param>
/// <param name="Gpu">Whether the build for GPUs is wanted; its version is kept apart from the other's.</param>
/// <param name="ConfigurationDirectory">Where the search for the user's client configuration (nuget.config) starts.</param>
internal sealed record InstallRequest(string From, string? Version, bool Gpu, string ConfigurationDirectory);
