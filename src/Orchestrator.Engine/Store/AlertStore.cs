using Npgsql;
using Orchestrator.Engine.Store.Views;

namespace Orchestrator.Engine.Store;

/// <summary>What waits for a person. One open alert for each (kind, subject), however often it is raised.</summary>
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

    /// <summary>Open ones, oldest first; with <paramref name="resolved"/> the newest 200 that are settled as well.</summary>
    public async Task<IReadOnlyList<AlertView>> ListAsync(bool resolved, CancellationToken cancellation) =>
        await source.ListAsync<AlertView>(
            """
            (select id, at, kind, subject, text, resolved_at as resolvedat from orchestrator.alerts where resolved_at is null order by at, id)
            union all
            (select id, at, kind, subject, text, resolved_at from orchestrator.alerts where resolved_at is not null and @resolved order by resolved_at desc limit 200)
            """,
            new { resolved },
            cancellation);
}
