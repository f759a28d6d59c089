namespace TfRunner.TensorFlow.Library.Install;

/// <summary>A version in the store.</summary>
/// <param name="Name">Its folder's name, which the commands take.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Manifest">What was written down when it was installed; null when that is lost.</param>
/// <param name="IsCurrent">Whether the tensorflow engine takes this one.</param>
internal sealed record InstalledVersion(string Name, string Folder, InstallManifest? Manifest, bool IsCurrent);
