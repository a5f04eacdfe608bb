using System.Globalization;
using System.Net.Sockets;
using Orchestrator.Agent.Staging;

namespace Orchestrator.Agent.Journal;

/// <summary>What this host refuses us: told once, waited out, never the end of the agent.</summary>
internal sealed class HostTrouble(AgentFolder folder, ProblemReporter problems, TimeProvider time)
{
    private const long Little = 1L << 20;
    private const long Room = 16L << 20;
    private const double Mega = 1e6;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private volatile bool _full;

    /// <summary>Looks how much disk is left.</summary>
    /// <returns>Whether there is so much that some may be held back again.</returns>
    public bool Look()
    {
        var free = Free();
        if (free < Little)
        {
            TellFull();
        }
        else if (free > Room)
        {
            _full = false;
        }

        return free > Room;
    }

    /// <summary>Keeps an endless work going: what the host refuses it is told, and it begins again.</summary>
    public async Task KeepAsync(string what, Func<Task> work, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or RefusedPathException)
            {
                Tell(what, e);
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>Does it, and does it again for as long as the disk is full.</summary>
    public async Task UntilThereIsRoomAsync(Func<Task> work, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (IOException e) when (DiskFull.IsSaidBy(e))
            {
                TellFull();
            }

            await Task.Delay(Pause, time, cancellation);
        }
    }

    private void Tell(string what, Exception e)
    {
        Diagnostics.Write($"{what}: {e.GetType().Name}: {e.Message}");
        if (DiskFull.IsSaidBy(e))
        {
            TellFull();
        }
        else
        {
            problems.Report("host: " + what, $"{what} fails on the host: {e.Message}; tried again until it works");
        }
    }

    private void TellFull()
    {
        if (!_full)
        {
            _full = true;
            problems.Report("disk", string.Create(
                CultureInfo.InvariantCulture, $"disk full on the host: {Free() / Mega:0.0} MB free; free space or raise resources.disk"));
        }
    }

    private long Free() => new DriveInfo(folder.Root).AvailableFreeSpace;
}
