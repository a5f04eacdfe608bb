using System.Collections.Immutable;
using System.Globalization;
using Npgsql;
using Orchestrator.Engine;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The installation as the engine knows it.</summary>
public sealed class EngineSystemDesk(
    OfferBook offers, JobQueries queries, Sweeper sweeper, NpgsqlDataSource source, AlertStore alerts, Installation installation, EngineOptions options, EngineDoctor doctor, OrphanStore orphans, LeakStore leaks) : ISystemDesk
{
    private const int LongestDifference = 400;

    public async Task<ImmutableArray<OfferView>> OffersAsync(CancellationToken cancellation) =>
    [
        .. (await offers.GetAsync(options.ListingAge, cancellation)).Offers.Select(OfferViews.Of),
    ];

    public async Task<ReplayReport> ReplayAsync(long job, CancellationToken cancellation)
    {
        var id = new JobId(job);
        var ticks = new List<TickRecord>();
        await foreach (var tick in queries.TicksAsync(id, cancellation))
        {
            ticks.Add(tick);
        }

        // The state last: a live job may have gone on since its events were read, and would differ for that alone.
        var history = await queries.HistoryAsync(id, cancellation);
        var stored = (await queries.ShowAsync(id, cancellation))?.State;
        var differences = Replayer.Replay(history, ticks.Where(tick => tick.SeqBefore < history.Length), stored?.Seq == history.Length ? stored : null);
        return new(ticks.Count, [.. differences.Select(Line)]);
    }

    public Task<ImmutableArray<DoctorCheck>> DoctorAsync(CancellationToken cancellation) => doctor.ExamineAsync(cancellation);

    public async Task<HealthReply> HealthAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellation);
        // Before the first sweep the server is young, not unwell.
        return new(sweeper.RanAge is not { } age || age < EngineDoctor.OverdueAfter(options), "ok", sweeper.RanAge?.TotalSeconds);
    }

    public async Task<(int? Count, DateTimeOffset? CheckedAt)> LeaksAsync(CancellationToken cancellation) =>
        sweeper.ComparedAt is { } at && TimeProvider.System.GetUtcNow() - at < EngineDoctor.OverdueAfter(options)
            ? (await orphans.CountAsync(cancellation), at)
            : (null, null);

    public async Task<LeakedInstances?> LeakedAsync(CancellationToken cancellation) => Leaked(await leaks.ListAsync(options.OwedTooLong, cancellation));

    internal static LeakedInstances? Leaked(IReadOnlyList<Leak> leaks) => leaks.Count == 0
        ? null
        : new(
            leaks.Count, leaks.Select(leak => leak.PerHour).OfType<Money>().Aggregate(Money.Zero, Money.Add).Dollars, leaks.Count(leak => leak.PerHour is null),
            [.. leaks.Select(leak => leak.Provider).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public async Task<ImmutableArray<AlertView>> AlertsAsync(bool all, CancellationToken cancellation) => [.. (await alerts.ListAsync(resolved: all, cancellation)).Select(View)];

    public async Task<AlertView> DismissAlertAsync(long id, string by, CancellationToken cancellation)
    {
        var open = (await alerts.ListAsync(resolved: true, cancellation)).FirstOrDefault(alert => alert.Id == id && alert.ResolvedAt is null);
        if (open is not null && !AlertKinds.IsInformation(open.Kind))
        {
            throw new DeskException(Refusal.Policy, $"alert {id} ({open.Kind}) stays until it is mended: {open.Text}", "it goes by itself once that is done");
        }

        return open is not null && await alerts.DismissAsync(id, by, cancellation) is { } dismissed
            ? View(dismissed)
            : throw new DeskException(Refusal.NotFound, $"no alert {id} is open", "orchestrator alerts lists them");
    }

    public Task<string?> RecoveredAsync(CancellationToken cancellation) => Task.FromResult(installation.Status.Recovered);

    public async Task<RecoverReply> RecoverAsync(string by, CancellationToken cancellation)
    {
        if (!installation.IsRecovered)
        {
            throw new DeskException(Refusal.Policy, "the server is not in recovered mode", "nothing to do");
        }

        var epoch = await installation.ConfirmRecoveredAsync(cancellation);
        return new(true, $"a new epoch {epoch} has begun; what is on the books is wound down and planned anew; instances that the database has forgotten are never touched: `orchestrator doctor` names them, end those you do not need by hand");
    }

    private static AlertView View(Engine.Store.Views.AlertView alert) => new(
        alert.Id, alert.At, alert.Kind, alert.Text, long.TryParse(alert.Subject.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var job) ? job : null)
    {
        ResolvedAt = alert.ResolvedAt,
        DismissedAt = alert.DismissedAt,
        DismissedBy = alert.DismissedBy,
        CanBeDismissed = alert is { ResolvedAt: null, DismissedAt: null } && AlertKinds.IsInformation(alert.Kind),
    };

    private static string Line(ReplayDifference difference) => Views.Clean.Line(
        $"event {difference.Seq}: {difference.Words}" + (difference.Stored is null ? "" : $" · stored {difference.Stored}") + (difference.Replayed is null ? "" : $" · now {difference.Replayed}"), LongestDifference);
}
