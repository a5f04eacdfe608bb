using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Store;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Acting;

/// <summary>
/// Performs what is owed. A result goes into the inbox as a fact for the next tick; a failure is left owed. Nothing is sent
/// unless more lease remains than the effect may take: a server that slept sends nothing.
/// </summary>
public sealed class EffectRunner(
    LaunchEffect launch,
    DestroyEffect destroy,
    CheckpointEffects checkpoints,
    CopyEffects copies,
    AgentStore agents,
    Hosts.ChannelSignals signals,
    ILogger<EffectRunner> log)
{
    /// <param name="lease">The tick's lease.</param>
    /// <param name="snapshot">The job as it was loaded.</param>
    /// <param name="state">The job as committed.</param>
    /// <param name="seqBefore">Events before this tick: an at-most-once effect belongs to the tick that appended its cause.</param>
    /// <param name="effects">What is owed, in order.</param>
    /// <param name="cancellation">The server stops.</param>
    public async Task RunAsync(JobLease lease, JobSnapshot snapshot, JobState state, long seqBefore, ImmutableArray<Effect> effects, CancellationToken cancellation)
    {
        foreach (var effect in effects)
        {
            try
            {
                await PerformAsync(lease, snapshot, state, seqBefore, effect, cancellation);
            }
            catch (LeaseShortException)
            {
                log.LogWarning("job {Job}: too little lease left for {Effect}; the next tick does it", lease.Job, effect.GetType().Name);
                return;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                // It stays owed; the effects behind it, of other attempts perhaps, must not wait for it.
                log.LogError(failure, "job {Job}: {Effect} failed and stays owed", lease.Job, effect.GetType().Name);
            }
        }
    }

    private async Task PerformAsync(JobLease lease, JobSnapshot snapshot, JobState state, long seqBefore, Effect effect, CancellationToken cancellation)
    {
        switch (effect)
        {
            case LaunchInstance wanted:
                if (wanted.CauseSeq > seqBefore)
                {
                    await launch.RunAsync(lease, state, wanted, cancellation);
                }

                break;
            case DestroyInstance wanted:
                await destroy.RunAsync(lease, wanted, cancellation);
                break;
            case CommandAgent wanted:
                await agents.AddCommandAsync(lease.Job, wanted.Attempt, wanted.Key, wanted.Command, cancellation);
                FailPoints.Hit("command-stored");
                signals.Wake(lease.Job, wanted.Attempt);
                break;
            case VerifyCheckpoint wanted:
                _ = checkpoints.Verify(lease.Job, state, snapshot.SpecJson, wanted);
                break;
            case ScanManifests wanted:
                _ = checkpoints.Scan(lease.Job, state, snapshot.SpecJson, wanted);
                break;
            case DeleteCheckpoint wanted:
                _ = checkpoints.Erase(lease.Job, state, snapshot.SpecJson, wanted);
                break;
            case CopyCheckpoint wanted:
                _ = copies.Copy(lease.Job, state, snapshot.SpecJson, wanted);
                break;
            case DropCopy wanted:
                _ = copies.Drop(lease.Job, state, snapshot.SpecJson, wanted);
                break;
            default:
                throw new InvalidOperationException($"unknown effect {effect.GetType().Name}");
        }
    }
}
