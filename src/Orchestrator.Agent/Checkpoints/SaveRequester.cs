using System.Globalization;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Staging;
using Orchestrator.Agent.Training;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>Asks the trainer for checkpoints: on the server's word, and every so often where the spec says so.</summary>
internal sealed class SaveRequester(AgentFolder folder, StateFile state, Trainer trainer, CheckpointKeeper keeper, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan UsualPatience = TimeSpan.FromHours(1);
    private static readonly HashSet<ProcessIdentity> Nobody = [];

    private long _lastRegular = time.GetTimestamp();

    /// <summary>The answer is a checkpoint that the trainer completed after this call, or says that there is none.</summary>
    public async Task<SaveDone> SaveAsync(long request, TimeSpan? within, CancellationToken cancellation)
    {
        if (state.Current.Order?.Checkpoints is not { } order || (order.RequestSignal is null && order.RequestFile is null))
        {
            return Answer(request, null, "this job's trainer cannot be asked for a checkpoint (checkpoints.request is not set)");
        }

        var patience = within is { } given && given > TimeSpan.Zero ? given : UsualPatience;
        var asked = time.GetTimestamp();
        var mark = await keeper.MarkAsync(cancellation);
        var heard = false;
        while (time.GetElapsedTime(asked) < patience)
        {
            if (keeper.StoredSince(mark) is { } key)
            {
                return Answer(request, key, "stored");
            }

            if (!trainer.IsLive && await keeper.FlushAsync(cancellation))
            {
                return keeper.StoredSince(mark) is { } last
                    ? Answer(request, last, "stored")
                    : Answer(request, null, "the trainer does not run; " + keeper.NewestDurable);
            }

            // One that is still starting up has no handler yet: it is asked as soon as it has.
            heard = heard || Ask(order);
            await Task.Delay(Look, time, cancellation);
        }

        var why = heard ? "" : " (the trainer does not listen for the request)";
        return Answer(request, null, string.Create(CultureInfo.InvariantCulture, $"no new checkpoint within {Words(patience)}{why}; {keeper.NewestDurable}"));
    }

    public async Task AskRegularlyAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
            // One that is made while the last is on its way would only wait for it, and be older when its turn comes.
            if (trainer.Status == TrainerStatus.Running && !keeper.IsSending && !state.Current.DrainSignalled
                && state.Current.Order?.Checkpoints is { Every: { } every } order && time.GetElapsedTime(_lastRegular) >= every && Ask(order))
            {
                _lastRegular = time.GetTimestamp();
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
            // Made anew, never opened: whatever the trainer has put there (a pipe, a link), nothing is written into it.
            File.Delete(path);
            using var made = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            return true;
        }

        return SignalNames.Parse(order.RequestSignal!) is { } signal && TrainerSignaller.Send(process, signal, onlyHandlers: true, Nobody).Count > 0;
    }

    private static string Words(TimeSpan span) => span.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min");

    private static SaveDone Answer(long request, string? key, string words) => new(request, key, words) { Seq = 0, At = default };
}
