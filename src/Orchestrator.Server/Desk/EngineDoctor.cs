using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Engine;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Ticks;
using Orchestrator.Providers.Local;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Desk;

/// <summary>What <c>doctor</c> finds out on the server's side.</summary>
public sealed class EngineDoctor(
    NpgsqlDataSource source, Sweeper sweeper, IStoreDesk stores, Installation installation, OfferBook offers, AlertStore alerts, LocalProviderOptions local, IMachineDesk machines, EngineOptions options, ServeOptions serve, IRegistryDesk registries, ConfigurationGaps gaps, RoomStore rooms, IAccountDesk accounts, IChannelDesk channels)
{
    internal static TimeSpan OverdueAfter(EngineOptions options) => (options.SweepEvery * 3) + TimeSpan.FromSeconds(30);

    private static readonly TimeSpan _blindAfter = TimeSpan.FromMinutes(10);

    public async Task<ImmutableArray<DoctorCheck>> ExamineAsync(CancellationToken cancellation)
    {
        var checks = ImmutableArray.CreateBuilder<DoctorCheck>();
        checks.Add(await DatabaseAsync(cancellation));
        checks.Add(sweeper.RanAge is not { } age
            ? new("server", "ok", "the first sweep has not run yet")
            : age < OverdueAfter(options) ? new("server", "ok", $"sweep ran {Say.For(age)} ago") : new("server", "bad", $"the sweep has not run for {Say.For(age)}", "restart the server: orchestrator server stop"));
        if (sweeper.RanAge is not null && (sweeper.Age is not { } complete || complete > _blindAfter))
        {
            checks.Add(new("server", "warning", $"no sweep could see everything {(sweeper.Age is { } blind ? "for " + Say.For(blind) : "yet")}", "see the alerts and the accounts below"));
        }

        checks.Add(serve.Listen is "127.0.0.1" or "localhost" or "::1"
            ? new("server", "ok", "reachable from this machine only, with a token")
            : new("server", "warning", $"listens on {serve.Listen} without TLS", "put a proxy with TLS in front of it"));
        checks.Add(installation.Status.Recovered is { } why
            ? new("server", "bad", $"recovered mode, nothing is rented or destroyed: {why}", "orchestrator recover --confirm once you have looked")
            : new("server", "ok", $"installation {installation.Epoch}"));
        checks.Add(File.Exists(local.AgentPath)
            ? new("local", "ok", $"agent {Say.Size(new FileInfo(local.AgentPath).Length)}, {local.Cpus} CPU slots at ${local.PricePerHour.Dollars:0.000}/h")
            : new("local", "bad", $"there is no agent at {local.AgentPath}", "build it with scripts/orchestrator, or set ORCHESTRATOR_AGENT"));
        checks.AddRange(Gpus(LocalGpus.Find()));
        checks.Add(AgentCheck.Of(local.AgentPath));
        checks.AddRange(await machines.TestAsync(null, cancellation));
        checks.AddRange(await accounts.TestAsync(null, cancellation));
        checks.AddRange(OfferChecks.Of(await offers.GetAsync(options.ListingAge, cancellation), serve.Configuration.Accounts, checks.ToImmutable()));
        checks.AddRange(await stores.TestAsync(null, cancellation));
        if (FolderStoreNote.OfDefault(serve.Configuration) is { } folder)
        {
            checks.Add(new("store", "warning", folder));
        }

        checks.AddRange(await registries.TestAsync(null, cancellation));
        checks.AddRange(await channels.LookAsync(cancellation));
        foreach (var note in serve.Configuration.Notes)
        {
            checks.Add(new("config", "warning", note.Print(serve.Configuration.Path ?? Configuration.ServerConfiguration.FileName)));
        }

        checks.AddRange(LimitsCheck.Of(await rooms.LookAsync(options.Limits, null, cancellation)));
        checks.AddRange(ConfigurationCheck.Of(serve.Configuration));
        foreach (var gap in await gaps.FindAsync(null, cancellation))
        {
            checks.Add(new("config", "bad", gap.Text));
        }

        // Of the same things, as they were at the last sweep.
        foreach (var alert in (await alerts.ListAsync(resolved: false, cancellation)).Where(alert => alert.Kind != AlertKinds.Configuration))
        {
            checks.Add(new("alert", "warning", $"{alert.Id} {alert.Kind}: {alert.Text}", AlertKinds.IsInformation(alert.Kind) ? $"seen it: orchestrator alerts dismiss {alert.Id}" : null));
        }

        return checks.ToImmutable();
    }

    private static IEnumerable<DoctorCheck> Gpus(LocalGpus seen) => seen switch
    {
        { Trouble: { } trouble } => [new("local", "warning", $"no GPU of this machine is used: {trouble}", "repair the driver, then restart the server: orchestrator server stop")],
        { Cards: [] } => [],
        _ => [new("local", "ok", $"GPUs: {string.Join(", ", seen.Cards.CountBy(card => card.Name).Select(kind => $"{kind.Value} x {kind.Key}"))}")],
    };

    private async Task<DoctorCheck> DatabaseAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select current_setting('server_version'), pg_database_size(current_database())");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new("database", "ok", $"PostgreSQL {reader.GetString(0)} answers, {Say.Size(reader.GetInt64(1))}");
    }
}
