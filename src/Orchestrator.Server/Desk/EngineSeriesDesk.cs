using System.Collections.Immutable;
using Orchestrator.Engine.Recurring;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>Series as the engine's store knows them.</summary>
public sealed class EngineSeriesDesk(SeriesStore series, AlertStore alerts) : ISeriesDesk
{
    public async Task<ImmutableArray<SeriesDetails>> ListAsync(CancellationToken cancellation) => [.. (await series.LiveAsync(cancellation)).Select(one => Details(one, []))];

    public async Task<SeriesDetails> FindAsync(string idOrName, CancellationToken cancellation)
    {
        var found = await ResolveAsync(idOrName, cancellation);
        return Details(found, await series.FiringsAsync(new(found.Id), cancellation));
    }

    public async Task<SeriesReply> StopAsync(string idOrName, string by, CancellationToken cancellation)
    {
        var found = await ResolveAsync(idOrName, cancellation);
        var id = new SeriesId(found.Id);
        if (!await series.StopAsync(id, by, cancellation))
        {
            throw new DeskException(Refusal.Policy, $"{id} ({found.Name}) was stopped already", $"orchestrator show {id} says by whom");
        }

        await alerts.ResolveAsync(AlertKinds.Series, id.ToString(), cancellation);
        var live = (await series.FiringsAsync(id, cancellation)).Where(firing => firing.Phase is { } phase && !phase.IsTerminal()).ToList();
        return new(new(id.ToString(), found.Name, null), "no further run is submitted" + (live.Count == 0 ? "" : $"; the last one goes on: orchestrator cancel {live[0].Job} ends it"));
    }

    internal static SeriesRef Ref(SeriesView found) => new(new SeriesId(found.Id).ToString(), found.Name, found.StoppedAt is null ? found.DueAt : null);

    private async Task<SeriesView> ResolveAsync(string idOrName, CancellationToken cancellation) =>
        (SeriesId.TryParse(idOrName, out var id) ? await series.FindAsync(id, cancellation) : await series.OfNameAsync(idOrName, cancellation))
            ?? throw new DeskException(Refusal.NotFound, $"there is no series \"{Views.Clean.Line(idOrName, 80)}\"", "orchestrator jobs lists them below the jobs");

    private static SeriesDetails Details(SeriesView found, IEnumerable<FiringView> firings) => new()
    {
        Id = new SeriesId(found.Id).ToString(),
        Name = found.Name,
        Cron = found.Cron,
        Zone = found.Zone,
        SubmittedAt = found.SubmittedAt,
        Next = found.StoppedAt is not null ? []
            : [found.DueAt, .. Calendar.Zone(found.Zone) is { } zone ? CronCalendar.From(found.Cron, zone, found.DueAt).Take(SpecReader.Firings - 1) : []],
        Trouble = found.Trouble,
        StoppedAt = found.StoppedAt,
        StoppedBy = found.StoppedBy,
        Runs = [.. firings.Select(firing => new SeriesRun(firing.At, firing.Job, firing.Phase is { } phase ? Words.Of(phase) : null, firing.Why))],
    };
}
