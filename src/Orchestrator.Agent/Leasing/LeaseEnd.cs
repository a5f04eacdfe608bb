using Orchestrator.Agent.Cleaning;
using Orchestrator.Agent.Draining;

namespace Orchestrator.Agent.Leasing;

/// <summary>What a host does that nobody is heard of any more: save, wipe, and end itself where it can; else only the command ends.</summary>
internal sealed class LeaseEnd(AgentFolder folder, StateFile state, Drainer drainer, InstanceEnd end, TimeProvider time)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestFlush = TimeSpan.FromMinutes(15);

    /// <param name="destroy">Ends the instance; null = its provider gives no way, and what it holds waits for a server.</param>
    /// <param name="cancellation">The agent stops.</param>
    public async Task RunAsync(Uri? destroy, CancellationToken cancellation)
    {
        try
        {
            await drainer.DrainAsync(Grace, cancellation).WaitAsync(LongestFlush, time, cancellation);
        }
        catch (TimeoutException)
        {
            Diagnostics.Write($"lease: not all could be stored within {LongestFlush.TotalMinutes:0} minutes");
        }

        if (destroy is not null)
        {
            state.Note(s => s with { Cleaned = true });
            Diagnostics.Write("lease: " + new HostCleaner(folder).Clean(state.Current.Order).Words);
            await end.DestroyAsync(destroy, cancellation);
        }
    }
}
