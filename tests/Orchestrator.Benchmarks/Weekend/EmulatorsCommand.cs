using System.Globalization;
using System.Runtime.InteropServices;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Drills.Weekend;

/// <summary><c>scripts/emulators</c>: all clouds until Ctrl-C.</summary>
public static class EmulatorsCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter problems)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(problems);
        var (seed, port, keyFile, machine) = (1L, 7080, "", (string?)null);
        for (var at = 0; at + 1 < arguments.Count; at += 2)
        {
            var isKnown = arguments[at] switch
            {
                "--seed" => long.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                "--port" => int.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is 0 or (> 1023 and < 65_533),
                "--machine-image" => (machine = arguments[at + 1]).Length > 0,
                "--key-file" => (keyFile = arguments[at + 1]).Length > 0,
                _ => false,
            };
            if (!isKnown)
            {
                await problems.WriteLineAsync($"emulators: cannot read \"{arguments[at]} {arguments[at + 1]}\"; it knows --seed N, --port N");
                return 2;
            }
        }

        if (arguments.Count % 2 != 0 || keyFile.Length == 0)
        {
            await problems.WriteLineAsync("emulators: run it as scripts/emulators [--seed N] [--port N]");
            return 2;
        }

        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        await File.WriteAllTextAsync(keyFile, EmulatedClouds.Key + "\n");
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var clouds = await EmulatedClouds.StartAsync(seed, new MarketOptions(), machine, port);
        await output.WriteLineAsync($"# instances, offers and switches: {clouds.Page}");
        await output.WriteLineAsync("# this belongs into the orchestrator.yaml of a data folder of its own, so that nothing of it mixes with real prices and books (DIR/orchestrator.yaml; orchestrator --data DIR offers):");
        await output.WriteAsync(clouds.Accounts([.. clouds.All.Select(cloud => cloud.Name)], keyFile));
        await output.WriteLineAsync("# Ctrl-C ends all of it, and whatever is rented there");
        await output.FlushAsync();
        await over.Task;
        return 0;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            over.TrySetResult();
        }
    }
}
