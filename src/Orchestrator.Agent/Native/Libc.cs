using System.Runtime.InteropServices;

namespace Orchestrator.Agent.Native;

/// <summary>The few calls of the C library that .NET has no word for. Nothing here is newer than glibc 2.28.</summary>
internal static unsafe partial class Libc
{
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int NoHang = 1;
    public const int NoSuchEntry = 2;
    public const int Interrupted = 4;
    public const int NoChildren = 10;
    public const int PunchHole = 0x02;
    public const int KeepSize = 0x01;
    public const int OpenRead = 0;
    public const int OpenNonBlocking = 0x800;
    public const int OpenWrite = 1;
    public const int OpenCreateAppend = 0x440;
    public const int CloseOnExec = 0x80000;
    public const int LockShared = 1;
    public const int LockNonBlocking = 4;
    public const int NotAFolder = 20;

    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setsid();

    [LibraryImport(Library, SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int waitpid(int pid, int* status, int options);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(Library)]
    public static partial nint signal(int signal, nint handler);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int pipe2(int* descriptors, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int close(int descriptor);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint write(int descriptor, byte* bytes, nint count);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int flock(SafeHandle descriptor, int operation);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fallocate(SafeHandle descriptor, int mode, long offset, long length);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn(int* pid, string path, void* actions, void* attributes, byte** argv, byte** environment);

    [LibraryImport(Library)]
    public static partial void posix_spawnattr_init(void* attributes);

    [LibraryImport(Library)]
    public static partial void posix_spawnattr_destroy(void* attributes);

    [LibraryImport(Library)]
    public static partial void posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Library)]
    public static partial void posix_spawnattr_setpgroup(void* attributes, int group);

    [LibraryImport(Library)]
    public static partial void posix_spawnattr_setsigdefault(void* attributes, void* set);

    [LibraryImport(Library)]
    public static partial void posix_spawnattr_setsigmask(void* attributes, void* set);

    [LibraryImport(Library)]
    public static partial void sigemptyset(void* set);

    [LibraryImport(Library)]
    public static partial void sigfillset(void* set);

    [LibraryImport(Library)]
    public static partial void posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Library)]
    public static partial void posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void posix_spawn_file_actions_addopen(void* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport(Library)]
    public static partial void posix_spawn_file_actions_adddup2(void* actions, int from, int to);
}
