using Hangfire;
using Hangfire.Dashboard;
using Orchestrator.Engine.Ticks;
using Orchestrator.Server.Dashboard.Parts;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Dashboard;

/// <summary>Hangfire's dashboard with our pages in its menu.</summary>
internal static class DashboardSetup
{
    internal const string Path = Addresses.Root;
    private static readonly (string Text, string Page)[] _own =
        [("Now", Addresses.Now), ("Jobs", Addresses.Jobs), ("Money", Addresses.Money), ("Hosts & market", Addresses.Hosts), ("Attention", Addresses.Attention)];

    private static readonly Lock Once = new();
    private static bool _isRegistered;

    /// <summary>Ours stand first in the menu.</summary>
    internal static int OwnItems => _own.Length;

    internal static void AddDashboard(this IServiceCollection services) => services.AddSingleton<JobNames>().AddSingleton<ChangeMarks>();

    internal static void MapDashboard(this WebApplication app)
    {
        app.MapGet("/", () => Results.Redirect(Addresses.Of(Addresses.Now)));
        app.MapForms();
        app.MapAssets();
        app.MapGet(Addresses.Forms + "/changes", Changes.StreamAsync);
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
                // The default lets every local peer in. Who is let in here was decided before, by the role of a token or session.
                Authorization = [new SignedIn()],
                IsReadOnlyFunc = context => !Roles.MayChange(context.GetHttpContext().User),
                DisplayNameFunc = (context, job) => NameOf(context.GetHttpContext().RequestServices.GetRequiredService<JobNames>(), job),
            },
            storage).RequireAuthorization(Access.Dashboard);
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
            var routes = DashboardRoutes.Routes;
            routes.AddRazorPage(Addresses.Now, _ => new NowPage());
            routes.AddRazorPage(Addresses.Jobs, _ => new JobsPage());
            routes.AddRazorPage(Addresses.Jobs + "/(?<Id>[0-9]{1,18})", match => new JobPage(match.Groups["Id"].Value));
            routes.AddRazorPage(Addresses.Jobs + "/(?<Id>[0-9]{1,18})/checkpoints/(?<Number>[0-9]{1,9})", match => new CheckpointPage(match.Groups["Id"].Value, match.Groups["Number"].Value));
            routes.AddRazorPage(Addresses.Batches + "/(?<Id>[0-9]{1,18})", match => new BatchPage(match.Groups["Id"].Value));
            routes.AddRazorPage(Addresses.Money, _ => new MoneyPage());
            routes.AddRazorPage(Addresses.Hosts, _ => new HostsPage());
            routes.AddRazorPage(Addresses.Attention, _ => new AttentionPage());
            DashboardRoutes.AddStylesheet(typeof(DashboardSetup).Assembly, "Orchestrator.Server.Dashboard.dashboard.css");
            if (NavigationMenu.Items.Count > 0)
            {
                // Hangfire's "Jobs" are not what our users call jobs.
                var wakeUps = NavigationMenu.Items[0];
                NavigationMenu.Items[0] = page => wakeUps(page) is var item ? new MenuItem("Wake-ups", item.Url) { Active = item.Active, Metrics = item.Metrics } : item;
            }

            for (var at = 0; at < _own.Length; at++)
            {
                var (text, address) = _own[at];
                NavigationMenu.Items.Insert(at, page => new MenuItem(text, page.Url.To(address)));
            }
        }
    }

    private sealed class SignedIn : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => Roles.Has(context.GetHttpContext().User, Roles.Viewer);
    }
}
