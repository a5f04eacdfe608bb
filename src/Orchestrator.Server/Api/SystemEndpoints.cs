using System.Text.RegularExpressions;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Api;

/// <summary>The installation: offers, secrets, doctor, recovery, alerts, version.</summary>
internal static partial class SystemEndpoints
{
    private const int LongestSecret = 64 * 1024;

    internal static void MapSystem(this IEndpointRouteBuilder api)
    {
        api.MapGet("/offers", async (ISystemDesk system, CancellationToken cancellation) => JobEndpoints.Json(await system.OffersAsync(cancellation)));
        api.MapGet("/offers/gaps", async (IMarketDesk market, CancellationToken cancellation) => JobEndpoints.Json(await market.GapsAsync(cancellation)));
        api.MapGet("/market", async (IPlanDesk plans, CancellationToken cancellation) => JobEndpoints.Json(await plans.MarketAsync(cancellation)));
        api.MapGet("/market/prices", async (IMarketDesk market, CancellationToken cancellation) => JobEndpoints.Json(await market.PricesAsync(cancellation)));
        api.MapPost("/plan", async (PlanAsk ask, IPlanDesk plans, CancellationToken cancellation) =>
        {
            JobEndpoints.Check(ask.Spec);
            return JobEndpoints.Json(await plans.PlanAsync(ask, cancellation));
        }).ForOperators();
        api.MapGet("/cost", async (string? job, DateTimeOffset? since, ICostDesk cost, IJobReader reader, CancellationToken cancellation) =>
            JobEndpoints.Json(await cost.AskAsync(job is null ? null : (await JobEndpoints.FindAsync(reader, job, cancellation)).Id, since, cancellation)));
        api.MapGet("/alerts", async (bool? all, ISystemDesk system, CancellationToken cancellation) => JobEndpoints.Json(await system.AlertsAsync(all ?? false, cancellation)));
        api.MapPost("/alerts/{id:long}/dismiss", async (long id, ISystemDesk system, HttpContext context) =>
            JobEndpoints.Json(await system.DismissAlertAsync(id, JobEndpoints.By(context), context.RequestAborted))).ForOperators();
        api.MapGet("/doctor", async (ISystemDesk system, CancellationToken cancellation) => JobEndpoints.Json(new DoctorReport(await system.DoctorAsync(cancellation))));
        api.MapPost("/recover", async (RecoverRequest request, ISystemDesk system, HttpContext context) => request.Confirm
            ? JobEndpoints.Json(await system.RecoverAsync(JobEndpoints.By(context), context.RequestAborted))
            : throw new DeskException(Refusal.BadRequest, "recovery begins a new epoch and needs your word", "read `orchestrator doctor`, then: orchestrator recover --confirm")).ForAdmins();
        api.MapGet("/version", async (ISystemDesk system, RunningServer server, CancellationToken cancellation) =>
            JobEndpoints.Json(new VersionReply(ProductVersion.Text, Environment.ProcessId, server.StartedAt, server.Folder.Root, await system.RecoveredAsync(cancellation))));

        api.MapGet("/registries", (IRegistryDesk registries) => JobEndpoints.Json(registries.List()));
        api.MapPost("/registries/test", async (string? name, IRegistryDesk registries, CancellationToken cancellation) =>
            JobEndpoints.Json(new DoctorReport(await registries.TestAsync(name, cancellation)))).ForOperators();

        api.MapGet("/channels", async (IChannelDesk channels, CancellationToken cancellation) => JobEndpoints.Json(await channels.ListAsync(cancellation)));
        api.MapPost("/channels/test", async (string? name, IChannelDesk channels, CancellationToken cancellation) =>
            JobEndpoints.Json(new DoctorReport(await channels.TestAsync(name, cancellation)))).ForOperators();

        api.MapGet("/accounts", async (IAccountDesk accounts, CancellationToken cancellation) => JobEndpoints.Json(await accounts.ListAsync(cancellation)));
        api.MapPost("/accounts/test", async (string? name, IAccountDesk accounts, CancellationToken cancellation) =>
            JobEndpoints.Json(new DoctorReport(await accounts.TestAsync(name, cancellation)))).ForOperators();
        api.MapPost("/accounts/{name}/accept", async (string name, bool? gone, IAccountDesk accounts, CancellationToken cancellation) =>
        {
            await accounts.AcceptAsync(name, gone == true, cancellation);
            return TypedResults.NoContent();
        }).ForAdmins();

        api.MapGet("/stores", async (IStoreDesk stores, CancellationToken cancellation) => JobEndpoints.Json(await stores.ListAsync(cancellation)));
        api.MapGet("/stores/usage", async (string? name, IStoreDesk stores, CancellationToken cancellation) => JobEndpoints.Json(await stores.UsageAsync(name, cancellation)));
        api.MapPost("/stores/test", async (string? name, IStoreDesk stores, CancellationToken cancellation) =>
            JobEndpoints.Json(new DoctorReport(await stores.TestAsync(name, cancellation)))).ForOperators();
        api.MapPost("/stores/try", async (ConfigurationDraft draft, IStoreDesk stores, CancellationToken cancellation) =>
            JobEndpoints.Json(new DoctorReport([await stores.TryAsync(draft.Yaml, cancellation)]))).ForAdmins();

        api.MapGet("/machines", async (IMachineDesk machines, CancellationToken cancellation) => JobEndpoints.Json(await machines.ListAsync(cancellation)));
        api.MapPost("/machines/test", async (string? name, IMachineDesk machines, CancellationToken cancellation) =>
            JobEndpoints.Json(new DoctorReport(await machines.TestAsync(name, cancellation)))).ForOperators();
        api.MapPost("/machines/try", async (ConfigurationDraft draft, IMachineDesk machines, CancellationToken cancellation) =>
            JobEndpoints.Json(new DoctorReport([await machines.TryAsync(draft.Yaml, cancellation)]))).ForAdmins();
        api.MapPut("/machines/{name}/ban", async (string name, BanRequest request, IMachineDesk machines, HttpContext context) =>
        {
            await machines.BanAsync(name, request.Reason, JobEndpoints.By(context), null, context.RequestAborted);
            return TypedResults.NoContent();
        }).ForOperators();
        api.MapDelete("/machines/{name}/ban", async (string name, IMachineDesk machines, HttpContext context) =>
        {
            await machines.UnbanAsync(name, JobEndpoints.By(context), context.RequestAborted);
            return TypedResults.NoContent();
        }).ForOperators();

        api.MapGet("/hosts", async (IHostDesk hosts, CancellationToken cancellation) => JobEndpoints.Json(await hosts.ListAsync(cancellation)));
        api.MapPost("/hosts/ban", async (HostBanRequest request, IHostDesk hosts, HttpContext context) =>
        {
            await hosts.BanAsync(request, JobEndpoints.By(context), context.RequestAborted);
            return TypedResults.NoContent();
        }).ForOperators();
        api.MapPost("/hosts/pardon", async (HostPardonRequest request, IHostDesk hosts, HttpContext context) =>
        {
            await hosts.PardonAsync(request.Host, JobEndpoints.By(context), context.RequestAborted);
            return TypedResults.NoContent();
        }).ForOperators();

        api.MapGet("/secrets", async (ISecretDesk secrets, CancellationToken cancellation) => JobEndpoints.Json(await secrets.ListAsync(cancellation)));
        api.MapPut("/secrets/{name}", async (string name, SecretValue secret, ISecretDesk secrets, CancellationToken cancellation) =>
        {
            CheckName(name);
            if (secret.Value is not { Length: > 0 and <= LongestSecret } || secret.Value.Contains('\0', StringComparison.Ordinal))
            {
                throw new DeskException(Refusal.BadRequest, $"the value of a secret has 1 to {LongestSecret} characters and no NUL", "pipe the value in: orchestrator secret set NAME < FILE");
            }

            await secrets.SetAsync(name, secret.Value, cancellation);
            return TypedResults.NoContent();
        }).ForAdmins();
        api.MapPost("/secrets/rotate", async (ISecretDesk secrets, CancellationToken cancellation) => JobEndpoints.Json(await secrets.RotateAsync(cancellation))).ForAdmins();
        api.MapDelete("/secrets/{name}", async (string name, ISecretDesk secrets, CancellationToken cancellation) =>
        {
            CheckName(name);
            return await secrets.RemoveAsync(name, cancellation)
                ? TypedResults.NoContent()
                : throw new DeskException(Refusal.NotFound, $"there is no secret \"{name}\"", "orchestrator secret list names them");
        }).ForAdmins();
    }

    private static void CheckName(string name)
    {
        if (!SecretNamePattern().IsMatch(name))
        {
            throw new DeskException(Refusal.BadRequest, "the name of a secret has 1 to 63 letters, digits, dots, hyphens or underscores and begins with a letter or digit", "for example: hf-readonly");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex SecretNamePattern();
}
