using System.Security.Cryptography;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>Brings the native library from a source into the user's store: fetched, checked, tried, and then put in place whole.</summary>
/// <param name="machine">The machine.</param>
/// <param name="clock">Says when it was installed.</param>
/// <param name="tryOut">Tries the library in a folder, in a process of its own.</param>
/// <param name="freeSpace">The bytes free on the disk of a folder; null where nobody knows.</param>
internal sealed class LibraryInstaller(
    IMachine machine, TimeProvider clock, Func<string, CancellationToken, TrialOutcome> tryOut, Func<string, long?>? freeSpace = null)
{
    public const string FromNuGet = "nuget";
    public const string FromPip = "pip";
    private readonly Func<string, long?> freeSpace = freeSpace ?? FreeSpace;

    /// <summary>Installs a version and makes it the one in use.</summary>
    /// <param name="request">Which, and from where.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Ends it; nothing stays.</param>
    /// <returns>The version.</returns>
    /// <exception cref="TfRunnerException">What was tried and why it failed; nothing is installed then.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is installed then.</exception>
    public InstalledVersion Install(InstallRequest request, IProgress<InstallProgress> progress, CancellationToken cancellationToken)
    {
        using var store = LibraryStore.OpenToChange(machine);
        try
        {
            var scratch = store.NewPartial();
            using var package = Fetch(request, scratch, progress, cancellationToken);
            var files = LibrarySelection.Choose(package, machine);
            var prepared = store.NewPartial();
            CheckSpace(prepared, files.Sum(static f => f.Length));
            var written = Write(files, package.Description, prepared, progress, cancellationToken);
            progress.Report(new("trying it out", 0, null));
            var outcome = tryOut(prepared, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var version = outcome.Version ?? throw InstallErrors.Error(
                ErrorCode.FailedPrecondition,
                $"the library in {package.Description} does not work here: {outcome.Problem}",
                "nothing was installed; take a build for this machine");
            CheckVersion(request, package.Description, version);
            var manifest = new InstallManifest(version, request.Gpu, package.Description, clock.GetUtcNow(), written);
            manifest.Write(prepared);
            DurableFiles.FlushFolder(prepared);
            if (!HasSame(store, manifest, cancellationToken))
            {
                store.Put(prepared, manifest.Version);
            }

            store.Use(manifest.Version);
            return store.Find(manifest.Version);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InstallErrors.FromDisk(store.Root, e);
        }
        finally
        {
            TrySweep(store);
        }
    }

    private ILibraryPackage Fetch(InstallRequest request, string scratch, IProgress<InstallProgress> progress, CancellationToken cancellationToken) => request.From switch
    {
        FromNuGet => NuGetSource.Fetch(request, machine, scratch, progress, cancellationToken),
        FromPip => PipSource.Fetch(request, machine, scratch, progress, cancellationToken),
        _ => LocalSource.Open(request.From, scratch, progress, cancellationToken),
    };

    /// <summary>Whether the same files are installed already, whole: then they stay, so that no moment is without them.</summary>
    private static bool HasSame(LibraryStore store, InstallManifest manifest, CancellationToken cancellationToken) =>
        store.Versions().FirstOrDefault(v => v.Name == manifest.Version) is { Manifest: { } present } version
        && present.Files.SequenceEqual(manifest.Files)
        && LibraryStore.Damage(version, static _ => { }, cancellationToken) is null;

    private void CheckSpace(string folder, long needed)
    {
        if (freeSpace(folder) is { } free && free < needed)
        {
            throw InstallErrors.DiskFull(folder, needed, free);
        }
    }

    private static List<InstalledFile> Write(
        IReadOnlyList<SelectedFile> files, string source, string folder, IProgress<InstallProgress> progress, CancellationToken cancellationToken)
    {
        var total = files.Sum(static f => f.Length);
        long before = 0;
        var written = new List<InstalledFile>();
        foreach (var file in files)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            using var output = File.Create(Path.Combine(folder, file.Name));
            long length = 0;
            foreach (var part in file.Parts)
            {
                var start = before + length;
                using var input = OpenPart(part, source);
                try
                {
                    length += Copying.Run(input, output, hash, done => progress.Report(new("copying " + file.Name, start + done, total)), cancellationToken);
                }
                catch (InvalidDataException e)
                {
                    throw InstallErrors.Error(ErrorCode.DataLoss, $"{source} is damaged at {part.Path}: {e.Message}", "fetch it again", e);
                }
            }

            var sha = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (file.ExpectedSha256 is { } expected && !sha.Equals(expected, StringComparison.OrdinalIgnoreCase))
            {
                throw InstallErrors.Error(
                    ErrorCode.DataLoss, $"{file.Name} from {source} has the checksum {sha}, not the {expected.ToLowerInvariant()} that its package names",
                    "fetch it again; where the package leaves fragments of it to others, install with --from nuget --gpu");
            }

            output.Flush(flushToDisk: true);
            written.Add(new(file.Name, length, sha));
            before += length;
        }

        return written;
    }

    private static Stream OpenPart(PackageEntry part, string source)
    {
        try
        {
            return part.Open();
        }
        catch (InvalidDataException e)
        {
            throw InstallErrors.Error(ErrorCode.DataLoss, $"{source} is damaged at {part.Path}: {e.Message}", "fetch it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InstallErrors.Unreadable($"{part.Path} in {source}", e);
        }
    }

    /// <summary>
    /// Redist packages number their own fixes in the last place (2.10.3 holds TensorFlow 2.10.0), so only the first two are compared there.
    /// </summary>
    private static void CheckVersion(InstallRequest request, string source, string version)
    {
        var wanted = request.Version;
        if (wanted is null || wanted == version || (request.From == FromNuGet && FirstTwo(wanted) == FirstTwo(version)))
        {
            return;
        }

        throw InstallErrors.Error(ErrorCode.FailedPrecondition, $"{source} holds TensorFlow {version}, not {wanted}", "nothing was installed; leave --version away to take it as it is");
    }

    private static (string, string?) FirstTwo(string version) => version.Split('.') is [var major, var minor, ..] ? (major, minor) : (version, null);

    private static long? FreeSpace(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static void TrySweep(LibraryStore store)
    {
        try
        {
            store.Sweep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be removed now is removed by the next command.
        }
    }
}
