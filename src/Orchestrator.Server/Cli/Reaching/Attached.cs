using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Orchestrator.Server.Cli.Reaching;

/// <summary>Runs a program in our place: it has our terminal, and its exit code is ours.</summary>
internal static class Attached
{
    internal static async Task<int> RunAsync(ProcessStartInfo start)
    {
        // A Ctrl-C is the program's: it reaches both of us, and we wait for what it makes of it.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var process = Start(start);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    internal static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new CliException(ExitCodes.Unreachable, $"{start.FileName} cannot be started: {missing.Message}", start.FileName == "ssh" ? "install the OpenSSH client" : "");
        }
    }
}
