using Orchestrator.Agent.Native;
using Orchestrator.Agent.Staging;
using Orchestrator.Agent.Training;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Asks the trainer for checkpoints: on the server's word, and every so often where the spec says so.</summary>
internal sealed class SaveRequester(AgentFolder folder, StateFile state, Trainer trainer, CheckpointKeeper keeper, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);
    private static readonly HashSet<ProcessIdentity> Nobody = [];

    public async Task<SaveDone> SaveAsync(long request, CancellationToken cancellation)
    {
        if (state.Current.Order?.Checkpoints is not { } order || (order.RequestSignal is null && order.RequestFile is null))
        {
            return Answer(request, null, "this job's trainer cannot be asked for a checkpoint (checkpoints.request is not set)");
        }

        var asked = time.GetUtcNow();
        var heard = false;
        while (time.GetUtcNow() - asked < Patience)
        {
            if (keeper.StoredAfter(asked) is { } key)
            {
                return Answer(request, key, "stored");
            }

            if (!trainer.IsLive && await keeper.FlushAsync(cancellation))
            {
                return keeper.StoredAfter(asked) is { } last
                    ? Answer(request, last, "stored")
                    : Answer(request, null, "the trainer does not run");
            }

            // One that is still starting up has no handler yet: it is asked as soon as it has.
            heard = heard || Ask(order);
            await Task.Delay(Look, time, cancellation);
        }

        return Answer(request, null, heard ? "the trainer was asked and wrote nothing for an hour" : "the trainer handles no such signal");
    }

    public async Task AskRegularlyAsync(CancellationToken cancellation)
    {
        var last = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
            if (trainer.Status == TrainerStatus.Running && !state.Current.DrainSignalled
                && state.Current.Order?.Checkpoints is { Every: { } every } order && time.GetElapsedTime(last) >= every && Ask(order))
            {
                last = time.GetTimestamp();
            }
        }
    }

    /// <returns>Whether the trainer can have heard it.</returns>
    private bool Ask(CheckpointOrder order)
    {
        if (trainer.Status != TrainerStatus.Running || trainer.Record?.Trainer is not { } process)
        {
            return false;
        }

        if (order.RequestFile is { } file)
        {
            var path = new SpecPaths(folder).Place(file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
            return true;
        }

        return SignalNames.Parse(order.RequestSignal!) is { } signal && TrainerSignaller.Send(process, signal, onlyHandlers: true, Nobody).Count > 0;
    }

    private static SaveDone Answer(long request, string? key, string words) => new(request, key, words) { Seq = 0, At = default };
}
