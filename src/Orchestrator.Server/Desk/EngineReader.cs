using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Attempts;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Json;
using Orchestrator.Server.Api;
using CheckpointView = Orchestrator.Server.Api.CheckpointView;
using JobSummary = Orchestrator.Server.Api.JobSummary;

namespace Orchestrator.Server.Desk;

/// <summary>Jobs as the API shows them, read from the engine's store.</summary>
internal sealed class EngineReader(JobStore jobs, JobQueries queries, AgentStore agents, IObjectStore store) : IJobReader
{
    private static readonly TimeSpan _recent = TimeSpan.FromDays(7);

    public async Task<ImmutableArray<JobSummary>> ListAsync(bool all, CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        var rows = await queries.ListAsync(new JobFilter { All = true, Since = all ? null : now - _recent }, cancellation);
        var found = ImmutableArray.CreateBuilder<JobSummary>();
        foreach (var row in rows)
        {
            if (await FindAsync(row.Id.ToString(CultureInfo.InvariantCulture), cancellation) is { } details)
            {
                found.Add(JobMapper.Summary(details));
            }
        }

        return found.ToImmutable();
    }

    public async Task<JobDetails?> FindAsync(string idOrName, CancellationToken cancellation)
    {
        if (await jobs.ResolveAsync(idOrName, cancellation) is not { } id)
        {
            return null;
        }

        var snapshot = await jobs.LoadAsync(id, cancellation);
        var state = snapshot.State;
        var newest = state.Attempts.LastOrDefault(attempt => attempt.TrainingStartedAt is not null);
        var agent = newest is null ? null : await agents.ViewAsync(id, newest.Number, long.MaxValue - 1, 1, cancellation);
        var checkpoint = (await queries.CheckpointsAsync(id, cancellation)).Where(one => one.Status == "verified")
            .OrderBy(one => one.Attempt).ThenBy(one => one.Ordinal).LastOrDefault();
        return JobMapper.Details(
            state,
            StoredSpec.Parse(snapshot.SpecJson),
            agent,
            checkpoint is null ? null : new CheckpointAtStep(checkpoint.Step, checkpoint.Entry, checkpoint.VerifiedAt ?? checkpoint.ReportedAt),
            await jobs.NowAsync(cancellation));
    }

    public async Task<ImmutableArray<TimelineEntry>> TimelineAsync(long job, long after, int limit, CancellationToken cancellation) =>
        [.. (await queries.EventsAsync(new JobId(job), after, limit, cancellation)).Select(Entry)];

    public async Task<LogSlice?> LogAsync(long job, int attempt, long offset, int limit, CancellationToken cancellation)
    {
        var state = (await jobs.LoadAsync(new JobId(job), cancellation)).State;
        if (state.Attempts.FirstOrDefault(one => one.Number == attempt) is not { } found)
        {
            return null;
        }

        var piece = offset < 0
            ? await agents.TailLogAsync(new JobId(job), attempt, (int)Math.Min(-offset, limit), cancellation)
            : await agents.ReadLogAsync(new JobId(job), attempt, offset, limit, cancellation);
        return new LogSlice(attempt, piece.Start, piece.Data, !found.IsLive() && piece.Start + piece.Data.Length >= piece.End);
    }

    public async Task<ImmutableArray<CheckpointView>> CheckpointsAsync(long job, CancellationToken cancellation)
    {
        var rows = (await queries.CheckpointsAsync(new JobId(job), cancellation)).OrderBy(one => one.Attempt).ThenBy(one => one.Ordinal);
        return
        [
            .. rows.Select((row, index) => new CheckpointView
            {
                Number = index + 1,
                Attempt = row.Attempt,
                Ordinal = row.Ordinal,
                Entry = row.Entry,
                Step = row.Step,
                Bytes = row.Bytes,
                At = row.VerifiedAt,
                State = row.Status switch { "verified" => "committed", "reported" => "unverified", "rejected" => "damaged", var other => other },
                ManifestKey = row.ManifestKey,
            }),
        ];
    }

    public async Task<CheckpointView?> CheckpointAsync(long job, int number, CancellationToken cancellation)
    {
        if ((await CheckpointsAsync(job, cancellation)).FirstOrDefault(one => one.Number == number) is not { } found
            || await OpenFileAsync(job, found.ManifestKey, cancellation) is not { } stream)
        {
            return null;
        }

        await using (stream)
        {
            return await JsonSerializer.DeserializeAsync(stream, CoreJson.Default.CheckpointManifest, cancellation) is { } manifest
                ? found with { Files = [.. manifest.Files.Select(file => new StoredFile(file.Path, file.Key, file.Size, file.Hash))] }
                : null;
        }
    }

    public async Task<ImmutableArray<StoredFile>> OutputsAsync(long job, CancellationToken cancellation)
    {
        var state = (await jobs.LoadAsync(new JobId(job), cancellation)).State;
        var found = ImmutableArray<StoredFile>.Empty;
        // The newest attempt that stored any: an interrupted one may have stored its periodic outputs only.
        foreach (var attempt in state.Attempts.Reverse())
        {
            var prefix = ObjectKeys.Outputs(ObjectKeys.Attempt(ObjectKeys.Job(state.Epoch, state.Id, state.Name), attempt.Number));
            await foreach (var stored in store.ListAsync(prefix, cancellation))
            {
                found = found.Add(new StoredFile(stored.Key[prefix.Length..], stored.Key, stored.Size, stored.Hash));
            }

            if (!found.IsEmpty)
            {
                break;
            }
        }

        return found;
    }

    public async Task<Stream?> OpenFileAsync(long job, string key, CancellationToken cancellation)
    {
        var state = (await jobs.LoadAsync(new JobId(job), cancellation)).State;
        if (!key.StartsWith(ObjectKeys.Job(state.Epoch, state.Id, state.Name), StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return await store.ReadAsync(key, 0, null, cancellation);
        }
        catch (StoreException missing) when (missing.Kind is StoreErrorKind.NotFound or StoreErrorKind.Invalid)
        {
            return null;
        }
    }

    private static TimelineEntry Entry(EventView row)
    {
        using var body = JsonDocument.Parse(row.Body);
        int? attempt = body.RootElement.TryGetProperty("attempt", out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt32() : null;
        return new TimelineEntry(row.Seq, row.At, row.Kind.Split('.')[0], attempt, row.Why);
    }
}
