using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Outputs;
using Orchestrator.Agent.Training;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Draining;

/// <summary>Winds the attempt down: signal, grace, kill, then what is worth keeping goes to the store.</summary>
internal sealed class Drainer(StateFile state, Trainer trainer, TrainerStacks stacks, CheckpointKeeper keeper, OutputStore outputs, TrainerLog log, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NothingToSave = TimeSpan.FromSeconds(5);

    public async Task<DrainDone> DrainAsync(TimeSpan grace, bool withStacks, CancellationToken cancellation)
    {
        var stood = withStacks ? await StacksAsync(cancellation) : null;
        await EndTrainerAsync(Worthwhile(grace), cancellation);
        var flushed = await keeper.FlushAsync(cancellation);
        var problems = await outputs.StoreFinalAsync(Succeeded(), cancellation);
        await LogStoredAsync(cancellation);
        var words = string.Join("; ", (flushed ? [] : new[] { "the newest checkpoint could not be stored" }).Concat(problems.Words));
        return new DrainDone(problems.Stored, flushed, words.Length == 0 ? DrainDone.AllStored : words) { Seq = 0, At = default, Stacks = stood };
    }

    /// <summary>For a person to read: what is to be stored does not wait for it to work out.</summary>
    private async Task<string?> StacksAsync(CancellationToken cancellation)
    {
        try
        {
            return await stacks.WriteAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Write($"the trainer's stacks cannot be written down: {e.Message}");
            return null;
        }
    }

    /// <summary>The last lines say why it ended: what follows deletes them here, so they are waited for as long as they move.</summary>
    private async Task LogStoredAsync(CancellationToken cancellation)
    {
        var (stored, since) = (log.Acknowledged, time.GetTimestamp());
        while (log.Acknowledged < log.Length && time.GetElapsedTime(since) < LogPatience)
        {
            await Task.Delay(Look, time, cancellation);
            if (log.Acknowledged > stored)
            {
                (stored, since) = (log.Acknowledged, time.GetTimestamp());
            }
        }
    }

    /// <summary>Ends the trainer, gently first; quiet when it has ended.</summary>
    public async Task EndTrainerAsync(TimeSpan grace, CancellationToken cancellation)
    {
        if (trainer.Record is not { } record)
        {
            return;
        }

        if (trainer.IsLive)
        {
            state.Note(s => s with { DrainSignalled = true });
            await SignalAsync(grace, cancellation);
        }

        // Also what the trainer left behind when it ended by itself: it may still write.
        record = trainer.Record!;
        var killed = time.GetTimestamp();
        while ((TrainerSignaller.AnyLeft(record) || trainer.IsLive) && time.GetElapsedTime(killed) < AfterKill)
        {
            TrainerSignaller.KillAll(record);
            await Task.Delay(Look, time, cancellation);
        }
    }

    /// <summary>
    /// The grace is there to save work. Where nothing that the trainer could still write would be kept (no checkpoints, and
    /// outputs only of a success, which a drained run is not), it gets the time to end in order, and the paid minutes are not
    /// waited away. Outputs that are due always or every so often are still to be flushed: then the whole grace is theirs.
    /// </summary>
    private TimeSpan Worthwhile(TimeSpan grace)
    {
        var order = state.Current.Order;
        var keeps = order is null || order.Checkpoints is not null || order.Outputs.Any(output => output.Always || output.Every is not null);
        return keeps || grace < NothingToSave ? grace : NothingToSave;
    }

    private async Task SignalAsync(TimeSpan grace, CancellationToken cancellation)
    {
        var number = SignalNames.Parse(state.Current.Order?.DrainSignal ?? "SIGTERM") ?? Libc.SigTerm;
        var told = new HashSet<ProcessIdentity>();
        var began = time.GetTimestamp();
        while (trainer.IsLive && time.GetElapsedTime(began) < grace)
        {
            // Again and again: a script may go on to its next command, which has not heard of it.
            if (trainer.Record is { } record)
            {
                told.UnionWith(TrainerSignaller.Send(record.Trainer ?? record.Wrapper, number, onlyHandlers: false, told));
            }

            await Task.Delay(Look, time, cancellation);
        }
    }

    /// <summary>By itself and with 0: what it left is finished work, not what an interruption left of it.</summary>
    private bool Succeeded() => state.Current is { DrainSignalled: false, HostLeaves: false } && trainer.Exit is { ExitCode: 0 };
}
