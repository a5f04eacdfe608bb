using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Hosts;

/// <summary>Fills a command with what the kernel does not know: the order, and for the start the secrets, which are decrypted only here.</summary>
public sealed class OrderSource(JobStore jobs, SecretStore secrets, SecretsKeyring keys, ILogger<OrderSource> log)
{
    public async Task<AgentCommand> FillAsync(JobId job, int attempt, AgentCommand command, CancellationToken cancellation) => command switch
    {
        CheckHost check => await CheckAsync(job, attempt, check, cancellation),
        StageFiles stage => stage with { Order = await BuildAsync(job, attempt, withSecrets: false, cancellation) },
        StartTrainer start => start with { Order = (await BuildAsync(job, attempt, withSecrets: true, cancellation)) with { Sources = [] } },
        _ => command,
    };

    /// <summary>
    /// Values of the job's own secrets by name, as they are now and as its trainer may have been given them before, to be masked. One
    /// that was deleted or cannot be opened is left out: the agent is visited all the same, and the order that needs it says what is wrong.
    /// </summary>
    public async Task<IReadOnlyCollection<KeyValuePair<string, string>>> SecretsOfAsync(JobId job, CancellationToken cancellation)
    {
        List<KeyValuePair<string, string>> values = [];
        foreach (var name in StoredSpec.Parse((await jobs.LoadAsync(job, cancellation)).SpecJson).Spec.Secrets.Values.Distinct(StringComparer.Ordinal))
        {
            var former = await secrets.FormerAsync(name, cancellation);
            foreach (var found in await secrets.FindAsync(name, cancellation) is { } now ? former.Prepend(now) : former)
            {
                try
                {
                    values.Add(new(name, Open(name, found)));
                }
                catch (OrderUnfilledException closed)
                {
                    log.LogWarning("job {Job}: its secret {Name} cannot be masked: {Words}", job, name, closed.Message);
                }
            }
        }

        return values;
    }

    /// <summary>What the spec asks for and the offer promised; a host that has less is refused before anything is staged.</summary>
    private async Task<CheckHost> CheckAsync(JobId job, int number, CheckHost check, CancellationToken cancellation)
    {
        var snapshot = await jobs.LoadAsync(job, cancellation);
        var attempt = snapshot.State.Attempts.First(one => one.Number == number);
        var stored = StoredSpec.Parse(snapshot.SpecJson);
        var disk = stored.Spec.Resources.Disk?.Bytes ?? 0;
        return check with { DiskBytes = attempt.Warm is null ? disk : HostKey.DiskBytes(stored, disk), Gpus = attempt.Offer.GpuCount };
    }

    private async Task<TrainerOrder> BuildAsync(JobId job, int number, bool withSecrets, CancellationToken cancellation)
    {
        var snapshot = await jobs.LoadAsync(job, cancellation);
        var (state, stored) = (snapshot.State, StoredSpec.Parse(snapshot.SpecJson));
        var attempt = state.Attempts.First(one => one.Number == number);
        return OrderBuilder.Build(state, attempt, stored, withSecrets ? await SecretsAsync(stored.Spec, cancellation) : ImmutableSortedDictionary<string, string>.Empty);
    }

    private async Task<ImmutableSortedDictionary<string, string>> SecretsAsync(JobSpec spec, CancellationToken cancellation)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (variable, name) in spec.Secrets)
        {
            var sealedValue = await secrets.FindAsync(name, cancellation)
                ?? throw new OrderUnfilledException($"secret {name} is not there; store it: orchestrator secret set {name}");
            values.Add(variable, Open(name, sealedValue));
        }

        return values.ToImmutable();
    }

    private string Open(string name, SealedSecret secret)
    {
        try
        {
            return keys.Open(name, secret.Ciphertext);
        }
        catch (SecretsKeyException closed)
        {
            throw new OrderUnfilledException(closed.Message, closed);
        }
    }
}
