using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Agent.Native;

/// <summary>
/// Starts processes by posix_spawn. .NET's own Process class knows neither sessions nor appended log files, and installs a
/// child reaper that would compete with the supervisor's.
/// </summary>
internal static unsafe class Spawner
{
    private const short SetPgroup = 0x02;
    private const short SetSigDefault = 0x04;
    private const short SetSigMask = 0x08;
    private const short SetSession = 0x80;

    // Larger than glibc's opaque structures on every architecture.
    private const int Room = 1024;

    /// <summary>Starts it and returns (pid, 0), or (0, errno) when it cannot be started.</summary>
    public static (int Pid, int Error) Start(SpawnRequest request)
    {
        var actions = stackalloc byte[Room];
        var attributes = stackalloc byte[Room];
        var signals = stackalloc byte[Room];
        Libc.posix_spawn_file_actions_init(actions);
        Libc.posix_spawnattr_init(attributes);
        try
        {
            if (request.Input is int input)
            {
                Libc.posix_spawn_file_actions_adddup2(actions, input, 0);
            }
            else
            {
                Libc.posix_spawn_file_actions_addopen(actions, 0, "/dev/null", Libc.OpenRead, 0);
            }

            Libc.posix_spawn_file_actions_addopen(actions, 1, request.Output, Libc.OpenWrite | Libc.OpenCreateAppend, 0b110_000_000);
            Libc.posix_spawn_file_actions_adddup2(actions, 1, 2);

            var flags = (short)(SetSigDefault | SetSigMask);
            if (request.OwnSession)
            {
                flags |= SetSession;
            }
            else if (request.OwnGroup)
            {
                flags |= SetPgroup;
                Libc.posix_spawnattr_setpgroup(attributes, 0);
            }

            Libc.posix_spawnattr_setflags(attributes, flags);
            Libc.sigfillset(signals);
            Libc.posix_spawnattr_setsigdefault(attributes, signals);
            Libc.sigemptyset(signals);
            Libc.posix_spawnattr_setsigmask(attributes, signals);

            var argv = Block(request.Arguments);
            var environment = Block([.. request.Environment.Select(pair => $"{pair.Key}={pair.Value}")]);
            try
            {
                int pid;
                var error = Libc.posix_spawn(&pid, request.File, actions, attributes, argv, environment);
                return error == 0 ? (pid, 0) : (0, error);
            }
            finally
            {
                Free(argv);
                Free(environment);
            }
        }
        finally
        {
            Libc.posix_spawnattr_destroy(attributes);
            Libc.posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>As a shell says it: the exit code, or 128 + the signal that ended it.</summary>
    public static int ExitCodeOf(int status) => (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);

    /// <summary>The environment of this process.</summary>
    public static Dictionary<string, string> OwnEnvironment()
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            result[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        return result;
    }

    private static byte** Block(IReadOnlyList<string> texts)
    {
        var block = (byte**)NativeMemory.Alloc((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
        {
            var size = Encoding.UTF8.GetByteCount(texts[i]);
            block[i] = (byte*)NativeMemory.Alloc((nuint)size + 1);
            Encoding.UTF8.GetBytes(texts[i], new Span<byte>(block[i], size));
            block[i][size] = 0;
        }

        block[texts.Count] = null;
        return block;
    }

    private static void Free(byte** block)
    {
        for (var p = block; *p != null; p++)
        {
            NativeMemory.Free(*p);
        }

        NativeMemory.Free(block);
    }
}
