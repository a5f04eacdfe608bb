using Microsoft.AspNetCore.Authorization;

namespace Orchestrator.Server.Security;

/// <summary>
/// What each endpoint asks for. One that says nothing takes a viewer to read and an admin to change, so that whoever forgets it
/// shuts people out and lets nobody in.
/// </summary>
public static class Access
{
    /// <summary>Of Hangfire's pages, which are one endpoint: to look takes a viewer, its buttons an operator.</summary>
    public const string Dashboard = "dashboard";

    internal static void AddAccess(this IServiceCollection services) => services.AddAuthorizationBuilder()
        .AddPolicy(Roles.Viewer, policy => policy.RequireAssertion(context => Roles.Has(context.User, Roles.Viewer)))
        .AddPolicy(Roles.Operator, policy => policy.RequireAssertion(context => Roles.Has(context.User, Roles.Operator)))
        .AddPolicy(Roles.Admin, policy => policy.RequireAssertion(context => Roles.Has(context.User, Roles.Admin)))
        .AddPolicy(Dashboard, policy => policy.RequireAssertion(context => Roles.Has(context.User, Reads(context, isDashboard: true) ? Roles.Viewer : Roles.Operator)))
        // Also for paths nobody mapped: a stranger learns nothing about which exist.
        .SetFallbackPolicy(new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireAssertion(context => Roles.Has(context.User, Reads(context, isDashboard: false) ? Roles.Viewer : Roles.Admin))
            .Build());

    internal static T ForViewers<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(Roles.Viewer);

    internal static T ForOperators<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(Roles.Operator);

    internal static T ForAdmins<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.RequireAuthorization(Roles.Admin);

    internal static bool IsSafe(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);

    /// <summary>The highest role among those that an endpoint and its group name; null = they name none.</summary>
    public static string? RoleOf(Endpoint? endpoint)
    {
        var named = endpoint?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).Where(Roles.IsRole).ToList() ?? [];
        return named.Find(role => named.TrueForAll(other => Roles.Covers(role, other!)));
    }

    /// <summary>For whoever was refused.</summary>
    internal static string NeededBy(HttpContext context) => context.GetEndpoint() is var endpoint && RoleOf(endpoint) is { } named ? named
        : IsSafe(context.Request) ? Roles.Viewer
        : endpoint?.Metadata.GetMetadata<IAuthorizeData>()?.Policy == Dashboard ? Roles.Operator
        : Roles.Admin;

    private static bool Reads(AuthorizationHandlerContext context, bool isDashboard) => context.Resource is HttpContext { Request: var request }
        // Its pages ask for their counters by POST.
        && (IsSafe(request) || (isDashboard && request.Path.Equals(Orchestrator.Server.Dashboard.DashboardSetup.Path + "/stats", StringComparison.Ordinal)));
}
