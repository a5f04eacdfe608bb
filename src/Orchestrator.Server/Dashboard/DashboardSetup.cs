using Hangfire;
using Hangfire.Dashboard;
using Orchestrator.Engine.Ticks;
using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Dashboard;

/// <summary>Hangfire's dashboard with our pages in its menu.</summary>
internal static class DashboardSetup
{
    internal const string Path = "/hangfire";
    internal const string Jobs = "/training";
    private static readonly Lock Once = new();
    private static bool _isRegistered;

    internal static void AddDashboard(this IServiceCollection services) => services.AddSingleton<JobNames>();

    internal static void MapDashboard(this WebApplication app)
    {
        app.MapGet("/", () => Results.Redirect(Path + Jobs));
        app.MapPost("/training/{id:long}/{command}", JobForms.RunAsync);
        if (app.Services.GetService<JobStorage>() is not { } storage)
        {
            return;
        }

        Register();
        app.MapHangfireDashboard(
            Path,
            new DashboardOptions
            {
                AppPath = "/",
                DashboardTitle = "Orchestrator",
                DisplayStorageConnectionString = false,
                StatsPollingInterval = 10_000,
                // The default lets every local peer in. Who is let in here was decided before, by token or session.
                Authorization = [new SignedIn()],
                DisplayNameFunc = (context, job) => NameOf(context.GetHttpContext().RequestServices.GetRequiredService<JobNames>(), job),
            },
            storage);
    }

    /// <summary>What a person reads instead of a method's name.</summary>
    internal static string NameOf(JobNames names, Hangfire.Common.Job job) => job.Method.Name switch
    {
        nameof(IJobTicks.ReconcileTick) when job.Args.Count > 0 && job.Args[0] is long id => $"{names.Find(id) ?? "job"} #{id}: look and decide",
        nameof(IJobTicks.Sweep) => "Sweep: overdue jobs and orphans",
        var other => other,
    };

    /// <summary>Hangfire keeps routes and menu in statics: once for the process, however many servers tests start in it.</summary>
    private static void Register()
    {
        lock (Once)
        {
            if (_isRegistered)
            {
                return;
            }

            _isRegistered = true;
            DashboardRoutes.Routes.AddRazorPage(Jobs, _ => new JobsPage());
            DashboardRoutes.Routes.AddRazorPage(Jobs + "/(?<Id>[0-9]{1,18})", match => new JobPage(match.Groups["Id"].Value));
            DashboardRoutes.AddStylesheet(typeof(DashboardSetup).Assembly, "Orchestrator.Server.Dashboard.dashboard.css");
            if (NavigationMenu.Items.Count > 0)
            {
                // Hangfire's "Jobs" are not what our users call jobs.
                var wakeUps = NavigationMenu.Items[0];
                NavigationMenu.Items[0] = page => wakeUps(page) is var item ? new MenuItem("Wake-ups", item.Url) { Active = item.Active, Metrics = item.Metrics } : item;
            }

            NavigationMenu.Items.Insert(0, page => new MenuItem("Jobs", page.Url.To(Jobs)) { Active = page.RequestPath.StartsWith(Jobs, StringComparison.Ordinal) });
        }
    }

    private sealed class SignedIn : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => context.GetHttpContext().User.Identity is { IsAuthenticated: true };
    }
}
