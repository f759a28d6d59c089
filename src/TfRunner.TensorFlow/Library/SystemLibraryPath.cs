namespace TfRunner.TensorFlow.Library;

/// <summary>The folders in which the platform's loader looks for libraries.</summary>
internal sealed class SystemLibraryPath(IMachine machine)
{
    private readonly PlatformPaths paths = new(machine);

    public IEnumerable<string> Folders() => machine.Platform switch
    {
        NativePlatform.Windows => paths.List("PATH"),
        NativePlatform.MacOS => [.. paths.List("DYLD_LIBRARY_PATH"), .. paths.List("DYLD_FALLBACK_LIBRARY_PATH"), "/usr/local/lib", "/opt/homebrew/lib", "/usr/lib"],
        _ => [.. paths.List("LD_LIBRARY_PATH"), .. Configured("/etc/ld.so.conf", 0), "/usr/local/lib", "/usr/lib64", "/usr/lib", "/lib64", "/lib"],
    };

    /// <summary>The folders that ld.so.conf names. Patterns in includes stand for the files that Debian and Red Hat put there.</summary>
    private IEnumerable<string> Configured(string file, int depth)
    {
        foreach (var line in machine.Lines(file).Select(static l => l.Split('#')[0].Trim()).Where(static l => l.Length > 0))
        {
            if (line.StartsWith('/'))
            {
                yield return line;
            }
            else if (line.StartsWith("include ", StringComparison.Ordinal) && depth == 0)
            {
                var triple = machine.RuntimeIdentifier.EndsWith("arm64", StringComparison.Ordinal) ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
                foreach (var name in new[] { "libc.conf", triple + ".conf", "local.conf", "tensorflow.conf" })
                {
                    foreach (var folder in Configured("/etc/ld.so.conf.d/" + name, depth + 1))
                    {
                        yield return folder;
                    }
                }
            }
        }
    }
}
