using System.Runtime.InteropServices;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>A view that is shown again and again in place, until Ctrl-C.</summary>
internal static class Watch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    internal static async Task<int> RunAsync(CliContext context, Func<ApiClient, Task<IEnumerable<string>>> lines, CancellationToken cancellation)
    {
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = true;
            stopped.Cancel();
        });
        try
        {
            await context.Terminal.Out.WriteAsync("\e[2J");
            while (true)
            {
                await ShowAsync(context, lines, stopped.Token);
                await Task.Delay(Interval, stopped.Token);
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
    }

    private static async Task ShowAsync(CliContext context, Func<ApiClient, Task<IEnumerable<string>>> lines, CancellationToken cancellation)
    {
        IEnumerable<string> shown;
        try
        {
            using var api = await context.ConnectAsync(cancellation);
            shown = await lines(api);
        }
        catch (CliException away) when (away.ExitCode == ExitCodes.Unreachable)
        {
            shown = [Views.Clean.Line(away.Message), "looking again ..."];
        }

        // Each line clears what the last view left of it, the end clears what was below: no flicker.
        await context.Terminal.Out.WriteAsync("\e[H" + string.Concat(shown.Select(line => line + "\e[K\n")) + "\e[J");
        await context.Terminal.Out.FlushAsync(cancellation);
    }
}
