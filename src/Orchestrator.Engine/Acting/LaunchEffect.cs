using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Hosts;
using Orchestrator.Engine.Hosts.Docker;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Offers;
using Orchestrator.Providers;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Acting;

/// <summary>Rents, once. Only a positive refusal is reported as one; anything else stays Unknown until the lists have settled.</summary>
public sealed class LaunchEffect(ProviderSet providers, JobStore jobs, IImageSource images, LaunchChecks checks, TickQueue queue, EngineOptions options, ILogger<LaunchEffect> log)
{
    public async Task RunAsync(JobLease lease, JobState state, LaunchInstance wanted, CancellationToken cancellation)
    {
        InboxItem? fact;
        try
        {
            fact = await LaunchAsync(lease, state, wanted, cancellation);
        }
        catch (LeaseShortException)
        {
            // Nobody else sends it, and nobody would ever say what became of it.
            fact = NotSent(wanted, RefusalKind.RateLimited, "what had to be looked up took too long, so nothing was sent");
        }

        if (fact is null)
        {
            return;
        }

        FailPoints.Hit("launch-sent");
        // It is rented and paid: the fact is kept even while the server stops.
        await jobs.AddInboxAsync(lease.Job, fact, CancellationToken.None);
        FailPoints.Hit("launch-noted");
        queue.Now(lease.Job);
    }

    /// <returns>Null: nobody knows whether it rents.</returns>
    private async Task<InboxItem?> LaunchAsync(JobLease lease, JobState state, LaunchInstance wanted, CancellationToken cancellation)
    {
        if (providers.Find(wanted.Offer.Provider) is not { } provider)
        {
            return NotSent(wanted, RefusalKind.Rejected, $"provider \"{wanted.Offer.Provider}\" is not configured any more");
        }

        var request = new LaunchRequest { Label = wanted.Label, Offer = wanted.Offer, JobName = state.Name, InContainer = state.Terms.HasImage };
        try
        {
            if (await checks.FindAsync(provider, lease.Job, wanted.Attempt, cancellation) is var (kind, words))
            {
                return NotSent(wanted, kind, words);
            }

            var stored = StoredSpec.Parse((await jobs.LoadAsync(lease.Job, cancellation)).SpecJson);
            request = request with { Cuda = stored.Spec.Resources.Cuda };
            if (wanted.Offer.HostKind == HostKind.Container && state.Terms.HasImage)
            {
                request = request with { Image = await ImageAsync(stored, cancellation) };
            }
        }
        catch (HostRefusedException unusable)
        {
            // The same everywhere that is rented, until a person has mended it. Where a machine of one's own may do, the job goes on looking.
            return NotSent(wanted, RefusalKind.Rejected, unusable.Message) with { Fault = await MayRunAtHomeAsync(lease, cancellation) ? null : unusable.Fault };
        }
        catch (Exception failed) when (failed is not LeaseShortException && !cancellation.IsCancellationRequested)
        {
            log.LogWarning(failed, "job {Job}: {Label} was not launched", lease.Job, wanted.Label);
            return NotSent(wanted, RefusalKind.RateLimited, failed.Message);
        }

        var timeout = options.Policies.TimingsOf(provider.Name).CreateTimeout;
        FailPoints.Hit("launch-unchecked");
        LeaseGuard.Require(lease, timeout, options);
        FailPoints.Hit("launch-checked");
        return await CreateAsync(provider, request, lease, wanted, timeout, cancellation);
    }

    /// <summary>Where the instance is itself the job's container, whoever rents it out pulls the image.</summary>
    private async Task<ImageToRun?> ImageAsync(StoredSpec stored, CancellationToken cancellation) =>
        await images.OfRentedAsync(stored, cancellation) is { } image ? new(image.Reference, image.Registry, image.User, image.Password) : null;

    private async Task<bool> MayRunAtHomeAsync(JobLease lease, CancellationToken cancellation) =>
        providers.Find(OwnMachines.Provider) is not null && OwnMachineRule.Allows(StoredSpec.Parse((await jobs.LoadAsync(lease.Job, cancellation)).SpecJson).Spec.Providers);

    /// <returns>Null: nobody knows.</returns>
    private async Task<InboxItem?> CreateAsync(IProvider provider, LaunchRequest request, JobLease lease, LaunchInstance wanted, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            return new LaunchReplied(wanted.Attempt, wanted.Send, await provider.CreateAsync(request, limit.Token));
        }
        catch (ProviderException refused) when (Refusal(refused.Kind) is { } kind)
        {
            return new LaunchRejected(wanted.Attempt, wanted.Send, kind, refused.Message) { NothingSent = refused.NothingSent };
        }
        catch (ProviderException unsent) when (unsent.NothingSent)
        {
            // Something that had to be looked up first could not be: there is no create call whose instance could turn up.
            return NotSent(wanted, RefusalKind.RateLimited, unsent.Message);
        }
        catch (Exception lost) when (lost is ProviderException or OperationCanceledException)
        {
            log.LogWarning("job {Job}: no reply to create {Label} ({Words}); looking for the label before anything else", lease.Job, wanted.Label, lost.Message);
            return null;
        }
    }

    private static LaunchRejected NotSent(LaunchInstance wanted, RefusalKind kind, string words) => new(wanted.Attempt, wanted.Send, kind, words) { NothingSent = true };

    private static RefusalKind? Refusal(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.NoCapacity => RefusalKind.NoCapacity,
        ProviderErrorKind.Rejected => RefusalKind.Rejected,
        ProviderErrorKind.RateLimited => RefusalKind.RateLimited,
        ProviderErrorKind.Unauthorized => RefusalKind.Unauthorized,
        ProviderErrorKind.InsufficientFunds => RefusalKind.InsufficientFunds,
        ProviderErrorKind.NotFound => RefusalKind.NotFound,
        ProviderErrorKind.Gone => RefusalKind.Gone,
        ProviderErrorKind.Transient or ProviderErrorKind.Unknown => null,
    };
}
