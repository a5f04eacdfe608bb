using System.Collections.Immutable;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Hosts;

/// <summary>Fills a command with what the kernel does not know: the order, and for the start the secrets, which are decrypted only here.</summary>
public sealed class OrderSource(JobStore jobs, SecretStore secrets, SecretBox box)
{
    public async Task<AgentCommand> FillAsync(JobId job, int attempt, AgentCommand command, CancellationToken cancellation) => command switch
    {
        StageFiles stage => stage with { Order = await BuildAsync(job, attempt, withSecrets: false, cancellation) },
        StartTrainer start => start with { Order = (await BuildAsync(job, attempt, withSecrets: true, cancellation)) with { Sources = [] } },
        _ => command,
    };

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
                ?? throw new InvalidOperationException($"secret \"{name}\" does not exist any more; set it again: orchestrator secret set {name}");
            values.Add(variable, box.Open(name, sealedValue.Ciphertext));
        }

        return values.ToImmutable();
    }
}
