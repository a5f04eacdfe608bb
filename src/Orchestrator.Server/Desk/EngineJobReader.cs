using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Engine;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Hosts.Rented;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Observing.Network;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Orchestrator.Providers.Renting;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;
using CheckpointView = Orchestrator.Server.Api.CheckpointView;
using JobSummary = Orchestrator.Server.Api.JobSummary;

namespace Orchestrator.Server.Desk;

/// <summary>Jobs as the engine's store knows them.</summary>
public sealed class EngineJobReader(JobStore jobs, JobQueries queries, AgentStore agents, SeriesStore series, WorkStore work, JobStores stores, ConfigurationGaps gaps, ProviderSet providers, OwnNetwork network, EngineOptions options)
    : IJobReader
{
    private const int LargestManifest = 64 << 20;
    private const int MostFiles = 100_000;

    public async Task<ImmutableArray<JobSummary>> ListAsync(JobListQuery query, CancellationToken cancellation) =>
        [.. (await queries.ListAsync(new JobFilter { All = query.All, Since = query.Since, Label = query.Label }, cancellation)).Select(JobViews.Summary)];

    public async Task<JobDetails?> FindAsync(string idOrName, CancellationToken cancellation)
    {
        var meant = await jobs.ResolveAsync(idOrName, cancellation);
        if (meant.Length > 1)
        {
            throw new DeskException(
                Refusal.BadRequest,
                $"{meant.Length} live jobs have the name {idOrName}: {string.Join(", ", meant.Select(id => $"{idOrName}#{id.Value}"))}",
                $"say which by its number, for example {meant[^1].Value}; `orchestrator jobs` shows what each does");
        }

        if (meant.IsEmpty && await series.OfNameAsync(idOrName, cancellation) is { } to && EngineSeriesDesk.Ref(to) is { Id: var begun })
        {
            throw new DeskException(Refusal.NotFound, $"no run of {idOrName} has begun yet: it is {begun}", $"orchestrator show {begun}");
        }

        if (meant is not [var id] || await queries.ShowAsync(id, cancellation) is not { } detail)
        {
            return null;
        }

        var stored = StoredSpec.Parse(detail.SpecJson);
        var left = detail.State.Phase.IsTerminal() ? null
            : PlanRequests.Left(stored, detail.State, (await work.OfSpecAsync(stored.Spec, cancellation)) with { Paces = detail.Paces }, detail.Now);
        return JobViews.Details(detail, stored.Spec.Image, stored.Spec.Code is { } code ? code.Folder ?? $"{code.Git} at {stored.Commit?[..12]}" : null, left) with
        {
            Series = await series.OfJobAsync(id, cancellation) is { } of ? EngineSeriesDesk.Ref(of) : null,
            BudgetToGoOn = BudgetToGoOn(detail.State, detail.Now),
            Lease = LeaseOf(detail.State, detail.Attempts, detail.Now, stored.Spec.Reliability.HostLease),
            Troubles = [.. (await gaps.FindAsync(id.Value, cancellation)).Select(gap => gap.Text), .. NetworkTrouble(detail.State)],
        };
    }

    public async Task<ImmutableArray<RentedView>> RentedAsync(int most, CancellationToken cancellation) =>
    [
        .. from job in await queries.RentedAsync(most, cancellation)
           let lease = LeaseOf(job.State, job.Attempts, job.Now, StoredSpec.Parse(job.SpecJson).Spec.Reliability.HostLease)
           from attempt in job.Attempts
           where attempt.Attempt.IsLive() && attempt.Attempt.InstanceId is not null
           select new RentedView(new(job.Id, job.Name), JobViews.Attempt(attempt), lease),
    ];

    private LeaseView? LeaseOf(JobState state, ImmutableArray<AttemptView> attempts, DateTimeOffset now, TimeSpan asked)
    {
        if (state.Attempts.LastOrDefault() is not { } attempt || !attempt.IsLive() || providers.Find(attempt.Offer.Provider) is not IAccountSource provider)
        {
            return null;
        }

        var perHour = attempt.Offer.PerHour;
        if (provider is not ISelfEnding { IsSelfEndConfirmed: true } ends)
        {
            return new(null, perHour.Dollars);
        }

        if (attempts.LastOrDefault() is { Keyless: true })
        {
            return new(null, perHour.Dollars) { Why = "its provider gave it no key to end itself with" };
        }

        return attempts.LastOrDefault()?.AgentMinor switch
        {
            null => new(null, perHour.Dollars) { Why = "its agent has not answered yet, and has been given no lease", AloneSeconds = ends.EndsAlone?.TotalSeconds },
            < ProtocolVersion.LeaseSince => new(null, perHour.Dollars) { Why = "its agent is of a release that knows of no leases" },
            _ => new(LeaseTerm.Of(asked, state.LeftAt(now), perHour).TotalSeconds, perHour.Dollars),
        };
    }

    public async Task<ImmutableArray<TimelineEntry>> TimelineAsync(long job, long after, int limit, CancellationToken cancellation) =>
        [.. (await queries.EventsAsync(new JobId(job), after, limit, cancellation)).Select(Entry)];

    public async Task<ImmutableArray<TimelineEntry>> NewestAsync(long job, int limit, CancellationToken cancellation) =>
        [.. (await queries.NewestEventsAsync(new JobId(job), limit, cancellation)).Select(Entry)];

    public async Task<LogSlice> LogAsync(long job, int attempt, long offset, int limit, CancellationToken cancellation)
    {
        var piece = offset < 0
            ? await agents.TailLogAsync(new JobId(job), attempt, (int)Math.Min(limit, -offset), cancellation)
            : await agents.ReadLogAsync(new JobId(job), attempt, offset, limit, cancellation);
        return new(piece.Start, piece.Data, piece.Start + piece.Data.Length >= piece.End);
    }

    public Task<long> LogOffsetAsync(long job, int attempt, DateTimeOffset since, CancellationToken cancellation) =>
        agents.LogOffsetAsync(new JobId(job), attempt, since, cancellation);

    public async Task<ImmutableArray<CheckpointView>> CheckpointsAsync(long job, CancellationToken cancellation) =>
        [.. (await queries.CheckpointsAsync(new JobId(job), cancellation)).Select((checkpoint, at) => JobViews.Checkpoint(checkpoint, at + 1))];

    public async Task<CheckpointView?> CheckpointAsync(long job, int number, CancellationToken cancellation)
    {
        var all = await CheckpointsAsync(job, cancellation);
        if (number < 1 || number > all.Length || await ReadManifestAsync(await StoreAsync(job, cancellation), all[number - 1].ManifestKey, cancellation) is not { } manifest)
        {
            return null;
        }

        return all[number - 1] with { Files = [.. manifest.Files.Select(file => new StoredFile(file.Path, file.Key, file.Size, file.Hash))] };
    }

    public async Task<ImmutableArray<StoredFile>> OutputsAsync(long job, CancellationToken cancellation)
    {
        if (await queries.ShowAsync(new JobId(job), cancellation) is not { State: { } state } detail)
        {
            return [];
        }

        var spec = stores.SpecOf(state, detail.SpecJson);
        var store = stores.Of(state, spec);

        // The newest attempt that stored any: with "when: always" a lost attempt's are better than none.
        foreach (var attempt in state.Attempts.Reverse())
        {
            var outputs = ObjectKeys.Outputs(JobFolders.OfAttempt(state, attempt.Number));
            var files = ImmutableArray.CreateBuilder<StoredFile>();
            // What is delivered elsewhere lies in another store, so it is another list.
            string[] places = [outputs, .. spec.Deliveries.Keys.Select(index => JobFolders.OfAttempt(state, attempt.Number) + OrderBuilder.OutputFolder(spec.Spec.Outputs[index], index))];
            await foreach (var stored in places.ToAsyncEnumerable().SelectMany(place => store.ListAsync(place, cancellation)))
            {
                files.Add(new(stored.Key[outputs.Length..], stored.Key, stored.Size, stored.Hash));
                if (files.Count == MostFiles)
                {
                    break;
                }
            }

            if (files.Count > 0)
            {
                return files.ToImmutable();
            }
        }

        return [];
    }

    public async Task<Stream?> OpenFileAsync(long job, string key, CancellationToken cancellation)
    {
        // Everything a job stored lies below its own prefix; nothing else is handed out by its name.
        if (await queries.ShowAsync(new JobId(job), cancellation) is not { State: { } state } detail || !JobFolders.All(state).Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return null;
        }

        try
        {
            return await stores.Of(state, detail.SpecJson).ReadAsync(key, 0, null, cancellation);
        }
        catch (StoreException refused) when (refused.Kind is StoreErrorKind.NotFound or StoreErrorKind.Invalid)
        {
            return null;
        }
    }

    /// <summary>A dollar more than the least, which would be spent in a moment; or what it said itself.</summary>
    private decimal? BudgetToGoOn(JobState state, DateTimeOffset now)
    {
        if (state is not { Phase: JobPhase.Paused, Terms: { Batch: not { SharesBudget: true }, MaxTotal: { } budget } })
        {
            return null;
        }

        var least = Kernel.LeastBudget(state, options.Policies, now);
        return least <= budget ? Views.BudgetPause.Named(state.PhaseReason) : Math.Max(decimal.Ceiling(least.Dollars) + 1, Views.BudgetPause.Named(state.PhaseReason) ?? 0);
    }

    private string[] NetworkTrouble(JobState state) =>
        network.AwaySince is { } since && state.Attempts.Any(attempt => attempt.IsLive() && providers.Find(attempt.Offer.Provider) is { IsOnThisMachine: false })
            ? [NetworkWatch.Words(since)]
            : [];

    private async Task<IObjectStore?> StoreAsync(long job, CancellationToken cancellation) =>
        await queries.ShowAsync(new JobId(job), cancellation) is { } detail ? stores.Of(detail.State, detail.SpecJson) : null;

    private async Task<CheckpointManifest?> ReadManifestAsync(IObjectStore? store, string key, CancellationToken cancellation)
    {
        try
        {
            if (store is null || await store.HeadAsync(key, cancellation) is not { Size: > 0 and <= LargestManifest })
            {
                return null;
            }

            await using var content = await store.ReadAsync(key, 0, LargestManifest, cancellation);
            return await JsonSerializer.DeserializeAsync(content, CoreJson.Default.CheckpointManifest, cancellation);
        }
        catch (Exception bad) when (bad is JsonException or StoreException { Kind: StoreErrorKind.NotFound or StoreErrorKind.Invalid })
        {
            return null;
        }
    }

    private static TimelineEntry Entry(EventView entry) => new(entry.Seq, entry.At, entry.Kind.Split('.')[0], AttemptOf(entry.Body), entry.Why);

    private static int? AttemptOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        return root.TryGetProperty("attempt", out var attempt) && attempt.TryGetInt32(out var number) ? number
            : root.TryGetProperty("checkpoint", out var checkpoint) && checkpoint.ValueKind == JsonValueKind.Object && checkpoint.TryGetProperty("attempt", out var of) && of.TryGetInt32(out var written) ? written
            : null;
    }
}
