using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Orchestrator.Engine;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What concerns the installation: offers, replay, health, doctor, recovery.</summary>
internal sealed class EngineSystem(
    JobStore jobs,
    JobQueries queries,
    AlertStore alerts,
    OfferBook offers,
    ProviderSet providers,
    IObjectStore store,
    Installation installation,
    Sweeper sweeper,
    EngineOptions options) : ISystemDesk
{
    public async Task<ImmutableArray<OfferView>> OffersAsync(CancellationToken cancellation) =>
    [
        .. (await offers.GetAsync(options.ListingAge, cancellation)).Offers.OrderBy(offer => offer.PricePerHour).ThenBy(offer => offer.Id, StringComparer.Ordinal).Select(offer => new OfferView
        {
            Provider = offer.Provider,
            Id = offer.Id,
            Capacity = JobMapper.Kebab(offer.Capacity),
            Host = offer.Host,
            PricePerHour = offer.PricePerHour.Dollars,
            Gpu = offer.Gpu,
            GpuCount = offer.GpuCount,
            GpuMemoryGB = offer.GpuMemoryGB,
            Cpus = offer.Cpus,
            MemoryBytes = offer.MemoryBytes,
            DiskBytes = offer.DiskBytes,
        }),
    ];

    public async Task<ReplayReport> ReplayAsync(long job, CancellationToken cancellation)
    {
        var id = new JobId(job);
        List<TickRecord> ticks = [];
        await foreach (var tick in queries.TicksAsync(id, cancellation))
        {
            ticks.Add(tick);
        }

        var stored = (await jobs.LoadAsync(id, cancellation)).State;
        var differences = Replayer.Replay(await queries.HistoryAsync(id, cancellation), ticks, stored);
        return new ReplayReport(ticks.Count, [.. differences.Select(one => string.Create(CultureInfo.InvariantCulture, $"event {one.Seq}: {one.Words}\n  stored   {one.Stored}\n  replayed {one.Replayed}"))]);
    }

    public async Task<ImmutableArray<DoctorCheck>> DoctorAsync(CancellationToken cancellation)
    {
        var checks = ImmutableArray.CreateBuilder<DoctorCheck>();
        var health = await HealthAsync(cancellation);
        checks.Add(new DoctorCheck("server", health.Ok ? "ok" : "bad", $"database {health.Database}, sweep ran {health.SweepAgeSeconds?.ToString("0", CultureInfo.InvariantCulture) ?? "?"} s ago", health.Ok ? null : "look into the server's log"));
        if (installation.IsRecovered)
        {
            checks.Add(new DoctorCheck("server", "bad", $"recovered mode: {installation.Status.Recovered}", "look at what runs where, then: orchestrator recover --confirm"));
        }

        checks.Add(await StoreAsync(cancellation));
        foreach (var provider in providers.All)
        {
            checks.Add(await ProviderAsync(provider, cancellation));
        }

        checks.AddRange((await AlertsAsync(cancellation)).Select(alert => new DoctorCheck("alert", "warning", alert.Text, "orchestrator doctor shows it until it is over")));
        return checks.ToImmutable();
    }

    public async Task<HealthReply> HealthAsync(CancellationToken cancellation)
    {
        try
        {
            await jobs.NowAsync(cancellation);
        }
        catch (Exception down) when (down is NpgsqlException or TimeoutException)
        {
            return new HealthReply(false, down.Message, sweeper.Age?.TotalSeconds);
        }

        var overdue = sweeper.Age is { } age && age > options.SweepEvery * 6;
        return new HealthReply(!overdue, "ok", sweeper.Age?.TotalSeconds);
    }

    public async Task<ImmutableArray<AlertView>> AlertsAsync(CancellationToken cancellation) =>
        [.. (await alerts.ListAsync(resolved: false, cancellation)).Select(alert => new AlertView(alert.At, alert.Kind, alert.Text, null))];

    public Task<string?> RecoveredAsync(CancellationToken cancellation) => Task.FromResult(installation.Status.Recovered);

    public async Task<RecoverReply> RecoverAsync(string by, CancellationToken cancellation)
    {
        if (!installation.IsRecovered)
        {
            return new RecoverReply(false, "this installation is not in recovered mode; nothing was changed");
        }

        var epoch = await installation.ConfirmRecoveredAsync(cancellation);
        await alerts.ResolveAsync("recovered", "installation", cancellation);
        return new RecoverReply(true, $"confirmed by {by}: epoch {epoch} begins; instances of the former one are never touched again");
    }

    private async Task<DoctorCheck> StoreAsync(CancellationToken cancellation)
    {
        const string Key = "doctor/probe";
        try
        {
            await store.DeleteAsync(Key, cancellation);
            await store.WriteAsync(Key, new MemoryStream("probe"u8.ToArray()), 5, onlyIfAbsent: true, cancellation);
            var head = await store.HeadAsync(Key, cancellation);
            await store.DeleteAsync(Key, cancellation);
            return head?.Size == 5
                ? new DoctorCheck("store", "ok", "write, read and delete work")
                : new DoctorCheck("store", "bad", "what was written is not there", "check the disk the store lies on");
        }
        catch (StoreException refused)
        {
            return new DoctorCheck("store", "bad", refused.Message, "make room or mend the store's rights");
        }
    }

    private static async Task<DoctorCheck> ProviderAsync(IProvider provider, CancellationToken cancellation)
    {
        try
        {
            var running = await provider.ListInstancesAsync(cancellation);
            var offered = await provider.ListOffersAsync(cancellation);
            return new DoctorCheck(provider.Name, "ok", $"{offered.Count} offers, {running.Count} instances");
        }
        catch (ProviderException refused)
        {
            return new DoctorCheck(provider.Name, "bad", refused.Message, "the provider must answer before anything can run there");
        }
    }
}
