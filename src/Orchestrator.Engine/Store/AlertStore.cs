using Npgsql;
using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Store;

/// <summary>
/// What waits for a person. One open alert for each (kind, subject), however often it is raised. One that a person has dismissed stays
/// open and is not shown: what still holds does not come back, what went away and comes again is a new alert.
/// </summary>
public sealed class AlertStore(NpgsqlDataSource source)
{
    /// <returns>True = it is new; an open one only gets the new text.</returns>
    public Task<bool> RaiseAsync(string kind, string subject, string text, CancellationToken cancellation) =>
        source.FirstAsync<bool>(
            """
            insert into orchestrator.alerts (kind, subject, text) values (@kind, @subject, @text)
            on conflict (kind, subject) where resolved_at is null do update set text = excluded.text
            returning xmax = 0
            """,
            new { kind, subject, text = Sql.Clean(text) },
            cancellation);

    /// <returns>False where none was open.</returns>
    public async Task<bool> ResolveAsync(string kind, string subject, CancellationToken cancellation) =>
        await source.ExecuteAsync(
            "update orchestrator.alerts set resolved_at = now() where kind = @kind and subject = @subject and resolved_at is null", new { kind, subject }, cancellation) > 0;

    /// <summary>Raises what holds and resolves all else of the family.</summary>
    /// <returns>What is new.</returns>
    public Task<IReadOnlyList<Concern>> SettleAsync(string family, IReadOnlyCollection<Concern> holding, CancellationToken cancellation) =>
        SettleAsync(family, holding, [], cancellation);

    /// <param name="family">See <see cref="AlertKinds"/>; the kinds of all <paramref name="holding"/> are of it.</param>
    /// <param name="holding">All that holds now.</param>
    /// <param name="unknown">Subjects of which nobody knows now: theirs stay as they are.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What is new.</returns>
    public async Task<IReadOnlyList<Concern>> SettleAsync(string family, IReadOnlyCollection<Concern> holding, IReadOnlyCollection<string> unknown, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(holding);
        var told = new List<Concern>();
        foreach (var concern in holding)
        {
            if (!AlertKinds.IsOf(concern.Kind, family))
            {
                throw new ArgumentException($"an alert \"{concern.Kind}\" is not of the family \"{family}\"", nameof(holding));
            }

            if (await RaiseAsync(concern.Kind, concern.Subject, concern.Text, cancellation))
            {
                told.Add(concern);
            }
        }

        await source.ExecuteAsync(
            """
            update orchestrator.alerts a set resolved_at = now()
            where resolved_at is null and (kind = @family or starts_with(kind, @family || '-')) and subject <> all(@unknown)
              and not exists (select from unnest(@kinds, @subjects) as held (kind, subject) where held.kind = a.kind and held.subject = a.subject)
            """,
            new { family, unknown = unknown.ToArray(), kinds = holding.Select(concern => concern.Kind).ToArray(), subjects = holding.Select(concern => concern.Subject).ToArray() },
            cancellation);
        return told;
    }

    /// <summary>Open ones that nobody has dismissed, oldest first; with <paramref name="resolved"/> those as well, and the newest 200 that are settled.</summary>
    public async Task<IReadOnlyList<AlertView>> ListAsync(bool resolved, CancellationToken cancellation) =>
        await source.ListAsync<AlertView>(
            """
            (select id, at, kind, subject, text, resolved_at as resolvedat, dismissed_at as dismissedat, dismissed_by as dismissedby
             from orchestrator.alerts where resolved_at is null and (dismissed_at is null or @resolved) order by at, id)
            union all
            (select id, at, kind, subject, text, resolved_at, dismissed_at, dismissed_by
             from orchestrator.alerts where resolved_at is not null and @resolved order by resolved_at desc limit 200)
            """,
            new { resolved },
            cancellation);

    /// <summary>A person has seen it. Whether its kind may be dismissed is the caller's to ask.</summary>
    /// <returns>Null where none of that number is open; else the alert, dismissed now or before.</returns>
    public async Task<AlertView?> DismissAsync(long id, string by, CancellationToken cancellation) =>
        await source.FirstAsync<AlertView>(
            """
            update orchestrator.alerts set dismissed_at = coalesce(dismissed_at, now()), dismissed_by = coalesce(dismissed_by, @by)
            where id = @id and resolved_at is null
            returning id, at, kind, subject, text, resolved_at as resolvedat, dismissed_at as dismissedat, dismissed_by as dismissedby
            """,
            new { id, by = Sql.Clean(by) },
            cancellation);
}
