using System.Runtime.InteropServices;

namespace Orchestrator.Engine.Artifacts.Folder;

/// <summary>The calls of the C library that publish a file: the BCL can neither refuse to replace atomically nor flush a folder.</summary>
internal static partial class FolderCalls
{
    internal const int NoEntry = 2;
    internal const int NotPermitted = 1;
    internal const int Exists = 17;
    internal const int NotSupported = 95;

    private const int CurrentFolder = -100;
    private const uint NoReplace = 1;
    private const int OpenFolder = 0x10000 | 0x80000;

    /// <summary>Gives a finished file its name unless the name is taken. 0, or the error number.</summary>
    internal static int PublishNew(string temporary, string target)
    {
        if (Link(temporary, target) == 0)
        {
            File.Delete(temporary);
            return 0;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error is not (NotPermitted or NotSupported))
        {
            return error;
        }

        // File systems without hard links (exFAT, some network shares).
        return RenameIfFree(CurrentFolder, temporary, CurrentFolder, target, NoReplace) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>Makes names just given in a folder survive a power cut. File systems that cannot are left alone.</summary>
    internal static void FlushFolder(string path)
    {
        var descriptor = Open(path, OpenFolder);
        if (descriptor >= 0)
        {
            _ = Flush(descriptor);
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameIfFree(int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
