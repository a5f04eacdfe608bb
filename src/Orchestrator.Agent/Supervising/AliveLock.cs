using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Supervising;

/// <summary>
/// Tells whether an instance's supervisor lives: it holds a lock on a file of its folder, and the kernel lets go of it when the process
/// ends, however it ends. That can be asked from outside of a container as well, where process ids mean nothing, and without Docker.
/// </summary>
internal static class AliveLock
{
    private const int WouldBlock = 11;
    private const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Held until the process ends or it is disposed. Null = another supervisor lives in this folder.</summary>
    public static FileStream? Take(AgentFolder folder)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            try
            {
                var held = new FileStream(folder.Alive, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                // In a container we are root, and whoever asks is the machine's user; the folder itself is that user's alone.
                File.SetUnixFileMode(held.SafeFileHandle, ReadableByAll);
                return held;
            }
            catch (IOException taken) when (taken.HResult == WouldBlock)
            {
                // Somebody may just be asking.
                if (Environment.TickCount64 > deadline)
                {
                    return null;
                }

                Thread.Sleep(50);
            }
        }
    }

    /// <summary>From the machine's side, where a trainer that is root in its container may have put anything in the file's place.</summary>
    /// <exception cref="IOException">Nobody can tell.</exception>
    public static bool IsHeld(AgentFolder folder)
    {
        SafeFileHandle asked;
        try
        {
            asked = RegularFile.Open(folder.Alive);
        }
        catch (IOException none) when (none.HResult == Libc.NoSuchEntry)
        {
            return false;
        }

        using (asked)
        {
            if (Libc.flock(asked, Libc.LockShared | Libc.LockNonBlocking) == 0)
            {
                return false;
            }

            return Marshal.GetLastPInvokeError() is var error && error == WouldBlock
                ? true
                : throw new IOException($"{new Win32Exception(error).Message}: {folder.Alive}", error);
        }
    }

    /// <summary>The command <c>alive</c>: exit code 0 = it lives, 1 = it does not, 2 = that cannot be told.</summary>
    public static int Run(AgentFolder folder)
    {
        try
        {
            return IsHeld(folder) ? 0 : 1;
        }
        catch (IOException unreadable)
        {
            StandardStreams.Error($"orchestrator-agent: {unreadable.Message}");
            return 2;
        }
    }
}
