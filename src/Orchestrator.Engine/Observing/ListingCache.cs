using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Observing;

/// <summary>One list call per account and interval, shared by all jobs of this server.</summary>
public sealed class ListingCache(ProviderSet providers, JobStore jobs, SparedStore spared, TimeProvider time, EngineOptions options, ILogger<ListingCache> log)
{
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>A listing not older than <paramref name="maxAge"/>, or null: Unknown.</summary>
    public async Task<Listing?> GetAsync(string providerName, TimeSpan maxAge, CancellationToken cancellation)
    {
        if (providers.Find(providerName) is not { } provider)
        {
            return null;
        }

        var account = _accounts.GetOrAdd(providerName, static _ => new Account());
        await account.Gate.WaitAsync(cancellation);
        try
        {
            if (account.TriedAt is { } tried && time.GetElapsedTime(tried) < maxAge)
            {
                return account.Newest;
            }

            // A failed call is remembered as long as a good one: a provider that is down is not asked once per job.
            account.TriedAt = time.GetTimestamp();
            account.Newest = await AskAsync(provider, account, cancellation);
            await NoteAsync(provider, account.Newest, cancellation);
            return account.Newest;
        }
        finally
        {
            account.Gate.Release();
        }
    }

    private async Task<Listing?> AskAsync(IProvider provider, Account account, CancellationToken cancellation)
    {
        var askedAt = await jobs.NowAsync(cancellation);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(options.EffectTimeout);
            var instances = await provider.ListWhatAnswersAsync(limit.Token);
            if (account.Failing)
            {
                account.Failing = false;
                log.LogInformation("{Provider} answers again", provider.Name);
            }

            return new Listing(askedAt, instances);
        }
        catch (Exception refused) when (refused is ProviderException || !cancellation.IsCancellationRequested)
        {
            // One that nobody foresaw as well: it is this provider's alone.
            if (!account.Failing)
            {
                account.Failing = true;
                log.LogWarning(refused is ProviderException ? null : refused, "{Provider} does not list its instances: {Words}", provider.Name, refused.Message);
            }

            return null;
        }
    }

    /// <summary>What is not noted counts as billed: no reason to go without the list.</summary>
    private async Task NoteAsync(IProvider provider, Listing? listing, CancellationToken cancellation)
    {
        try
        {
            if (listing is not null)
            {
                await spared.NoteAsync(provider.Name, listing, cancellation);
            }
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            log.LogWarning(failure, "what {Provider} says that it does not bill could not be noted; it is metered as if it were billed", provider.Name);
        }
    }

    private sealed class Account
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public long? TriedAt { get; set; }

        public Listing? Newest { get; set; }

        public bool Failing { get; set; }
    }
}
