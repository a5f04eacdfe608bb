using System.Runtime.InteropServices;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Artifacts.Sources;

/// <summary>Facts about files of the person who submits.</summary>
internal static partial class LocalPaths
{
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;
    private const int CurrentFolder = -100;
    private const uint AskType = 1;
    private const int StatBytes = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>With every link on the way resolved; throws <see cref="IOException"/> when it leads nowhere.</summary>
    internal static string Resolve(string path) => PosixFiles.RealPath(path);

    internal static int Mode(string path) => (int)(File.GetUnixFileMode(path) & Permissions);

    /// <summary>The BCL takes pipes, sockets and devices for files, and opening a pipe would wait for ever.</summary>
    internal static unsafe bool IsRegularFile(string path)
    {
        var stat = stackalloc byte[StatBytes];
        return Stat(CurrentFolder, path, 0, AskType, stat) == 0
            ? (*(ushort*)(stat + ModeOffset) & TypeMask) == RegularFile
            : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    // The one stat call whose layout is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat(int folder, string path, int flags, uint mask, byte* result);
}
