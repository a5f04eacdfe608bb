namespace Orchestrator.Server.Dashboard;

internal static class DashboardSetup
{
    internal static void AddDashboard(this IServiceCollection services)
    {
    }

    internal static void MapDashboard(this WebApplication app)
    {
    }
}
