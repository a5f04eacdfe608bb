using System.Globalization;
using System.Runtime.InteropServices;

namespace Orchestrator.Engine.Processes;

/// <summary>File facts that need the C library: owners and canonical paths.</summary>
public static class PosixFiles
{
    private const uint Keep = uint.MaxValue;

    /// <summary>The path with every link resolved, as the kernel shows it under /proc. The path must exist.</summary>
    public static unsafe string RealPath(string path)
    {
        var buffer = stackalloc byte[Libc.PathBufferSize];
        return Libc.RealPath(path, buffer) is null
            ? throw new IOException($"cannot resolve {path}: {LastError()}")
            : Marshal.PtrToStringUTF8((nint)buffer)!;
    }

    /// <summary>Gives a file or folder (never what a link points to) to a user and group.</summary>
    public static void ChangeOwner(string path, uint user, uint group)
    {
        if (Libc.ChangeOwner(path, user, group) != 0)
        {
            throw new IOException($"cannot change the owner of {path}: {LastError()}");
        }
    }

    /// <summary>
    /// Whether the entry itself is ours. Changing the owner to oneself succeeds for the owner only and follows no link,
    /// so unlike a mode check nobody can answer it by planting a link in a shared folder.
    /// </summary>
    public static bool IsOwnedByUs(string path) => Libc.ChangeOwner(path, Libc.EffectiveUserId(), Keep) == 0;

    /// <summary>Makes what was created in a folder, or moved into it, survive a power cut.</summary>
    public static void Flush(string folder)
    {
        var descriptor = Libc.Open(folder, Libc.OpenFolder | Libc.OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open {folder}: {LastError()}");
        }

        var failed = Libc.Flush(descriptor) != 0 ? LastError() : null;
        _ = Libc.Close(descriptor);
        if (failed is not null)
        {
            throw new IOException($"cannot flush {folder}: {failed}");
        }
    }

    /// <summary>Reads at most <paramref name="limit"/> bytes from the end of a text file; empty where there is none.</summary>
    public static string ReadTail(string path, long notBefore, int limit)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(Math.Min(file.Length, Math.Max(notBefore, file.Length - limit)), SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private static string LastError() => string.Create(CultureInfo.InvariantCulture, $"{Marshal.GetLastPInvokeErrorMessage()} ({Marshal.GetLastPInvokeError()})");
}
