using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent;

/// <summary>What of <see cref="Console"/> the agent needs. Console itself knows terminals, which the agent never sees, and is 60 kB of its file.</summary>
internal static unsafe class StandardStreams
{
    private const int InputDescriptor = 0;
    private const int OutputDescriptor = 1;
    private const int ErrorDescriptor = 2;

    public static Stream OpenInput() => Open(InputDescriptor, FileAccess.Read);

    public static Stream OpenOutput() => Open(OutputDescriptor, FileAccess.Write);

    /// <exception cref="IOException">It cannot be written: who asked would take silence for an answer.</exception>
    public static void Output(string line)
    {
        if (Write(OutputDescriptor, line) is not 0 and var error)
        {
            throw new IOException($"cannot write to stdout: error {error}");
        }
    }

    /// <summary>What cannot be written is lost: a full disk must not end the agent, and there is nowhere else to say it.</summary>
    public static void Error(string line) => Write(ErrorDescriptor, line);

    private static FileStream Open(int descriptor, FileAccess access) => new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);

    /// <summary>In one piece, so that lines of several processes do not mix.</summary>
    /// <returns>0 or the system's error.</returns>
    private static int Write(int descriptor, string line)
    {
        var rest = Encoding.UTF8.GetBytes(line + "\n").AsSpan();
        while (!rest.IsEmpty)
        {
            fixed (byte* bytes = rest)
            {
                var written = Libc.write(descriptor, bytes, rest.Length);
                if (written >= 0)
                {
                    rest = rest[(int)written..];
                }
                else if (Marshal.GetLastPInvokeError() is not Libc.Interrupted and var error)
                {
                    return error;
                }
            }
        }

        return 0;
    }
}
