using System.Globalization;

namespace Orchestrator.Agent.Native;

/// <summary>Runs one of the host's own tools to its end.</summary>
internal static class Tool
{
    /// <summary>Its exit code, 137 when it took too long; null = there is none such here, or it cannot be started.</summary>
    public static unsafe int? Run(string name, IEnumerable<string> arguments, string output, TimeSpan patience)
    {
        if (Training.CommandSearch.Find(name, Environment.GetEnvironmentVariable("PATH")) is not { } program)
        {
            return null;
        }

        var (pid, error) = Spawner.Start(new SpawnRequest
        {
            File = program,
            Arguments = [name, .. arguments],
            Environment = Spawner.OwnEnvironment(),
            Output = output,
            OwnGroup = true,
        });
        if (error != 0)
        {
            Diagnostics.Write(string.Create(CultureInfo.InvariantCulture, $"{program} cannot be started: error {error}"));
            return null;
        }

        int status;
        var deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (Libc.waitpid(pid, &status, Libc.NoHang) == 0)
        {
            if (Environment.TickCount64 > deadline)
            {
                // What it started as well: a shell's `rm` must not go on beside what we do next.
                _ = Libc.kill(-pid, Libc.SigKill);
            }

            Thread.Sleep(20);
        }

        return Spawner.ExitCodeOf(status);
    }
}
