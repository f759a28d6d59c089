using System.Security.Cryptography;

namespace TfRunner.TensorFlow.Library.Install;

/// <summary>
/// The folder where installed versions live: <c>versions/V</c> with the files of each, <c>current</c> with the name of the one
/// in use, <c>partial</c> for work under way. A version's folder appears and disappears by one rename, so it is there whole or
/// not at all. One process at a time changes the store; the system frees the lock of a process that dies, and the next one
/// removes what that left in <c>partial</c>.
/// </summary>
internal sealed class LibraryStore : IDisposable
{
    private const string PartialFolder = "partial";
    private const string LockFile = "lock";
    private readonly IMachine machine;
    private readonly FileStream? held;

    private LibraryStore(IMachine machine, string root, FileStream? held)
    {
        this.machine = machine;
        this.held = held;
        Root = root;
    }

    public string Root { get; }

    private string Partial => Path.Combine(Root, PartialFolder);

    /// <summary>Opens the store to look at it. Makes no folder.</summary>
    public static LibraryStore OpenToRead(IMachine machine) => new(machine, RootOf(machine), null);

    /// <summary>Opens the store to change it, and removes what a process that died left there.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>The store; the caller disposes it.</returns>
    /// <exception cref="TfRunnerException">Aborted while another process changes it; PermissionDenied when it cannot be written.</exception>
    public static LibraryStore OpenToChange(IMachine machine)
    {
        var root = RootOf(machine);
        try
        {
            Directory.CreateDirectory(root);
            var file = Path.Combine(root, LockFile);
            FileStream held;
            try
            {
                held = new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (File.Exists(file) && e is not PathTooLongException)
            {
                throw InstallErrors.Error(
                    ErrorCode.Aborted, $"another 'tfrunner native' command is at work in {root}", "wait until it is done, and run this one again", e);
            }

            var store = new LibraryStore(machine, root, held);
            try
            {
                store.Sweep();
                return store;
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InstallErrors.FromDisk(root, e);
        }
    }

    /// <summary>The installed versions, newest first.</summary>
    public IReadOnlyList<InstalledVersion> Versions()
    {
        var current = StoreVersions.Current(machine, Root);
        return
        [
            .. machine.Directories(Path.Combine(Root, StoreVersions.VersionsFolder))
                .OrderByDescending(static v => StoreVersions.Key(v))
                .Select(v => new InstalledVersion(v, FolderOf(v), InstallManifest.Read(FolderOf(v)), v == current)),
        ];
    }

    /// <summary>Finds an installed version.</summary>
    /// <param name="name">As <c>native list</c> prints it.</param>
    /// <returns>The version.</returns>
    /// <exception cref="TfRunnerException">NotFound, naming those that are installed.</exception>
    public InstalledVersion Find(string name)
    {
        var versions = Versions();
        return versions.FirstOrDefault(v => v.Name == name) ?? throw InstallErrors.Error(
            ErrorCode.NotFound,
            $"TensorFlow {name} is not installed in {Root}",
            versions.Count == 0 ? "none is; see 'tfrunner native install --help'" : $"installed are {string.Join(", ", versions.Select(static v => v.Name))}");
    }

    /// <summary>What is wrong with a version's files.</summary>
    /// <param name="version">The version.</param>
    /// <param name="report">Told the bytes that were read.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The first thing that is wrong, in one line; null when every file is as it was installed.</returns>
    public static string? Damage(InstalledVersion version, Action<long> report, CancellationToken cancellationToken)
    {
        if (version.Manifest is null)
        {
            return $"{InstallManifest.FileName} is missing or damaged";
        }

        long before = 0;
        foreach (var file in version.Manifest.Files)
        {
            var path = Path.Combine(version.Folder, file.Name);
            try
            {
                using var stream = File.OpenRead(path);
                if (stream.Length != file.Length)
                {
                    return FormattableString.Invariant($"{file.Name} has {stream.Length} bytes, not {file.Length}");
                }

                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var start = before;
                before += Copying.Run(stream, null, hash, done => report(start + done), cancellationToken);
                if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
                {
                    return $"{file.Name} differs from what was installed";
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return $"{file.Name} cannot be read: {e.Message}";
            }
        }

        return null;
    }

    /// <summary>Refuses a version whose files are not what was installed.</summary>
    /// <exception cref="TfRunnerException">DataLoss, naming the file.</exception>
    public static void CheckUndamaged(InstalledVersion version, CancellationToken cancellationToken)
    {
        if (Damage(version, static _ => { }, cancellationToken) is { } damage)
        {
            throw InstallErrors.Error(
                ErrorCode.DataLoss, $"TensorFlow {version.Name} in {version.Folder} is damaged: {damage}", "install it again, or remove it with 'tfrunner native remove'");
        }
    }

    /// <summary>Makes a version the one that the engine takes.</summary>
    public void Use(string name)
    {
        var next = Path.Combine(NewPartial(), StoreVersions.CurrentFile);
        using (var stream = File.Create(next))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(name + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, Path.Combine(Root, StoreVersions.CurrentFile), overwrite: true);
        DurableFiles.FlushFolder(Root);
        Sweep();
    }

    /// <summary>Takes a version away. Where it was the one in use, the newest of the others is in use then.</summary>
    public void Remove(InstalledVersion version)
    {
        try
        {
            Directory.Move(version.Folder, Path.Combine(NewPartial(), "removed"));
            DurableFiles.FlushFolder(Path.Combine(Root, StoreVersions.VersionsFolder));
            Sweep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InstallErrors.Error(
                ErrorCode.PermissionDenied, $"{version.Folder} cannot be removed: {e.Message}", "end the programs that use it, and try again", e);
        }
    }

    /// <summary>An empty folder for work under way, on the same file system as the versions.</summary>
    public string NewPartial() => Directory.CreateDirectory(Path.Combine(Partial, Path.GetRandomFileName())).FullName;

    /// <summary>Puts a whole version in place by one rename. One of that name that is there already is taken away first.</summary>
    /// <param name="prepared">The folder with its files, made by <see cref="NewPartial"/>.</param>
    /// <param name="name">The version's name.</param>
    public void Put(string prepared, string name)
    {
        var target = FolderOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (Directory.Exists(target))
        {
            Directory.Move(target, Path.Combine(NewPartial(), "replaced"));
        }

        Directory.Move(prepared, target);
        DurableFiles.FlushFolder(Path.GetDirectoryName(target)!);
    }

    /// <summary>Removes all work under way.</summary>
    public void Sweep()
    {
        if (Directory.Exists(Partial))
        {
            Directory.Delete(Partial, recursive: true);
        }
    }

    public void Dispose() => held?.Dispose();

    private string FolderOf(string version) => Path.Combine(Root, StoreVersions.VersionsFolder, version);

    private static string RootOf(IMachine machine) =>
        LibraryFinder.InstallDirectory(machine) is { } root && Path.IsPathFullyQualified(root)
            ? root
            : throw InstallErrors.Error(
                ErrorCode.FailedPrecondition, "there is no home directory to install into", "set HOME, or XDG_DATA_HOME to a full path (LOCALAPPDATA on Windows)");
}
