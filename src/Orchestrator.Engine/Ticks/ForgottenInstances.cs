using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Ticks;

/// <summary>
/// Tells a person what a restored database has forgotten and still costs: instances with a label of this installation that no
/// live attempt owns. Those of a former epoch are only ever shown, since they may be another's by now; in recovered mode all are.
/// </summary>
public sealed class ForgottenInstances(JobStore jobs, AlertStore alerts, ProviderSet providers, ListingCache listings, Installation installation)
{
    private const string Subject = "installation";

    public async Task SurveyAsync(CancellationToken cancellation)
    {
        if (installation.Status.Recovered is { } why)
        {
            await alerts.RaiseAsync(AlertKinds.Recovered, Subject, $"recovered mode, nothing is rented or destroyed: {why}", cancellation);
        }
        else
        {
            await alerts.ResolveAsync(AlertKinds.Recovered, Subject, cancellation);
        }

        var shown = new List<Concern>();
        var whole = true;
        foreach (var provider in providers.All)
        {
            whole &= await ShowAsync(provider, shown, cancellation);
        }

        if (whole)
        {
            await alerts.SettleAsync(AlertKinds.Forgotten, shown, cancellation);
            return;
        }

        foreach (var concern in shown)
        {
            await alerts.RaiseAsync(concern.Kind, concern.Subject, concern.Text, cancellation);
        }
    }

    /// <returns>False when the provider did not answer: nothing is known of what it holds.</returns>
    private async Task<bool> ShowAsync(IProvider provider, List<Concern> shown, CancellationToken cancellation)
    {
        if (installation.FormerEpochs.Count == 0 && !installation.IsRecovered)
        {
            return true;
        }

        // The list first, the books after, as in the sweep.
        if (await listings.GetAsync(provider.Name, TimeSpan.FromSeconds(1), cancellation) is not { } listing)
        {
            return false;
        }

        foreach (var instance in listing.Instances)
        {
            if (LaunchToken.TryParse(instance.Label, out var epoch, out var job, out _) && IsOurs(epoch) && !await IsOnBooksAsync(job, instance.Label, cancellation))
            {
                shown.Add(new(
                    AlertKinds.Forgotten,
                    instance.Label,
                    $"{provider.Name} instance {instance.InstanceId} ({instance.Label}, job {job}) is of a launch that the restored database has forgotten; it may cost, and is never touched: look at it, and destroy it at {provider.Name} if nothing needs it"));
            }
        }

        return listing.Seen.IsWhole;
    }

    private bool IsOurs(string epoch) => installation.FormerEpochs.Contains(epoch) || (installation.IsRecovered && epoch == installation.Epoch);

    private async Task<bool> IsOnBooksAsync(JobId job, string label, CancellationToken cancellation)
    {
        try
        {
            return (await jobs.LoadAsync(job, cancellation)).State.Attempts.Any(attempt => attempt.IsLive() && attempt.Label == label) || await jobs.HeirOfAsync(label, cancellation) is not null;
        }
        catch (KeyNotFoundException)
        {
            return false;
        }
    }
}
