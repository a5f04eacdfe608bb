using Orchestrator.Agent.Attaching;
using Orchestrator.Agent.Journal;

namespace Orchestrator.Agent.Draining;

/// <summary>The host is going down: what can be saved in the time that is usual between SIGTERM and SIGKILL is saved.</summary>
internal sealed class HostLeave(StateFile state, AgentJournal journal, ServerPresence presence, HostTrouble trouble, Drainer drainer, TimeProvider time)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Telling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public async Task SaveAsync(CancellationToken cancellation)
    {
        try
        {
            Diagnostics.Write("SIGTERM: the trainer is drained, then we stop");
            if (!journal.Has("trainer-ended"))
            {
                // An exit code of 0 that follows is no success, and 143 not the user's failure.
                state.Note(s => s with { HostLeaves = true });
            }

            await trouble.UntilThereIsRoomAsync(() => drainer.DrainAsync(Grace, withStacks: false, cancellation), cancellation).WaitAsync(Longest, time, CancellationToken.None);
            await ToldAsync(cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or IOException)
        {
            Diagnostics.Write($"SIGTERM: not all could be stored: {e.Message}");
        }
    }

    /// <summary>What a server that is here has not heard by now it would have to guess.</summary>
    private async Task ToldAsync(CancellationToken cancellation)
    {
        var since = time.GetTimestamp();
        while (journal.After(0, 1).Count > 0 && presence.Attached is not null && time.GetElapsedTime(since) < Telling)
        {
            await Task.Delay(Look, time, cancellation);
        }
    }
}
