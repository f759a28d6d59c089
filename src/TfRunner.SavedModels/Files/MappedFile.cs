using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace TfRunner.Files;

/// <summary>
/// A file mapped into memory copy-on-write: writing through a tensor over it changes neither the file nor another mapping.
/// The mapping lives until this object and every lease on it are disposed.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? mapping;
    private readonly MemoryMappedViewAccessor? view;

    private MappedFile(string path, long length, MemoryMappedFile? mapping, MemoryMappedViewAccessor? view)
    {
        Path = path;
        Length = length;
        this.mapping = mapping;
        this.view = view;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its size in bytes when it was mapped.</summary>
    public long Length { get; }

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The mapping.</returns>
    /// <exception cref="TfRunnerException">NotFound, PermissionDenied or Unavailable, naming the file.</exception>
    public static MappedFile Open(string path)
    {
        try
        {
            // A device or pipe has no end; only regular files are read.
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length == 0)
            {
                return new(path, 0, null, null);
            }

            var mapping = MemoryMappedFile.CreateFromFile(
                File.OpenHandle(path), null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: false);
            try
            {
                return new(path, length, mapping, mapping.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite));
            }
            catch
            {
                mapping.Dispose();
                throw;
            }
        }
        catch (Exception e) when (FileErrors.IsAboutFile(e))
        {
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Keeps the memory mapped until the lease is disposed.</summary>
    /// <returns>The lease, with the address of the first byte.</returns>
    /// <exception cref="ObjectDisposedException">The mapping is closed.</exception>
    public Lease Acquire() => new(view?.SafeMemoryMappedViewHandle, view?.PointerOffset ?? 0);

    /// <summary>Closes the mapping once no lease is left.</summary>
    public void Dispose()
    {
        view?.Dispose();
        mapping?.Dispose();
    }

    /// <summary>A right to use the mapped memory.</summary>
    internal sealed class Lease : IDisposable
    {
        private readonly SafeMemoryMappedViewHandle? handle;
        private int released;

        public Lease(SafeMemoryMappedViewHandle? handle, long offset)
        {
            var taken = false;
            handle?.DangerousAddRef(ref taken);
            this.handle = taken ? handle : null;
            Pointer = handle is null ? null : (byte*)handle.DangerousGetHandle() + offset;
        }

        ~Lease() => Release();

        /// <summary>The first byte of the file; null for an empty one.</summary>
        public byte* Pointer { get; }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            if (Interlocked.Exchange(ref released, 1) == 0)
            {
                handle?.DangerousRelease();
            }
        }
    }
}
