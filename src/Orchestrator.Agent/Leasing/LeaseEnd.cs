using Orchestrator.Agent.Journal;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Leasing;

/// <summary>
/// What a host does that nobody is heard of any more: save, wipe, and end itself where it can; else only the command ends. Nobody
/// watches it, so nothing that fails or hangs on the way keeps it from ending itself.
/// </summary>
/// <param name="drain">Winds the attempt down and stores what it can.</param>
/// <param name="clean">Deletes the job's files; gives what became of it.</param>
/// <param name="destroy">Ends the instance.</param>
internal sealed class LeaseEnd(
    StateFile state, AgentJournal journal, Func<CancellationToken, Task<DrainDone>> drain, Func<string> clean, Func<Uri, CancellationToken, Task> destroy, TimeProvider time)
{
    /// <summary>For the trainer to save.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <param name="address">Ends the instance; null = its provider gives no way, and what it holds waits for a server.</param>
    /// <param name="cancellation">The agent stops.</param>
    public async Task RunAsync(Uri? address, CancellationToken cancellation)
    {
        await TryAsync("noting it", LeaseEnding.Noting, NoteAsync, cancellation);
        DrainDone? done = null;
        await TryAsync("saving", LeaseEnding.Saving, async () => done = await drain(cancellation), cancellation);
        if (address is null)
        {
            return;
        }

        if (done is { CheckpointFlushed: true, OutputsStored: true })
        {
            await TryAsync("cleaning", LeaseEnding.Cleaning, CleanAsync, cancellation);
        }
        else
        {
            // Saving goes on behind; should the provider not end us, what is here is the only copy, and a server may come back for it.
            Diagnostics.Write($"lease: nothing is deleted, since not all is stored: {done?.Words ?? "saving did not end"}");
        }

        await destroy(address, cancellation);
    }

    private Task NoteAsync()
    {
        if (!journal.Has("trainer-ended"))
        {
            // As where the host is told to go down: an exit code of 0 that follows is no success, and 143 not the user's failure.
            state.Note(s => s with { HostLeaves = true });
        }

        return Task.CompletedTask;
    }

    private Task CleanAsync()
    {
        state.Note(s => s with { Cleaned = true });
        Diagnostics.Write("lease: " + clean());
        return Task.CompletedTask;
    }

    private async Task TryAsync(string what, TimeSpan limit, Func<Task> step, CancellationToken cancellation)
    {
        try
        {
            // On a thread of its own: a disk that hangs gives none back.
            await Task.Run(step, cancellation).WaitAsync(limit, time, cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            Diagnostics.Write($"lease: {what} failed: {failure.GetType().Name}: {failure.Message}");
        }
    }
}
