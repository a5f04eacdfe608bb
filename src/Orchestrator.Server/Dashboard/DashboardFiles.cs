namespace Orchestrator.Server.Dashboard;

/// <summary>
/// Hangfire sends 580 KB of styles and scripts uncompressed, with a cookie that forbids keeping them. Their addresses carry a
/// version, so they may be kept; nothing in them is secret, so they may be compressed.
/// </summary>
internal static class DashboardFiles
{
    private static readonly string[] _folders = ["css", "js", "fonts"];

    internal static void AddStaticFilesOfDashboard(this IServiceCollection services) => services.AddResponseCompression(options =>
    {
        options.EnableForHttps = true;
        // Pages are left out: a token beside text that a stranger chose must not be compressed with it.
        options.MimeTypes = ["text/css", "application/javascript", "text/javascript"];
    });

    internal static void UseStaticFilesOfDashboard(this WebApplication app)
    {
        app.UseResponseCompression();
        app.Use(next => context =>
        {
            if (IsFile(context.Request.Path))
            {
                context.Response.OnStarting(() =>
                {
                    if (context.Response.StatusCode == StatusCodes.Status200OK)
                    {
                        context.Response.Headers.CacheControl = "private, max-age=604800";
                        context.Response.Headers.Remove("Pragma");
                        context.Response.Headers.Remove("Set-Cookie");
                    }

                    return Task.CompletedTask;
                });
            }

            return next(context);
        });
    }

    private static bool IsFile(PathString path) => Array.Exists(
        _folders, folder => path.StartsWithSegments(DashboardSetup.Path, out var rest) && rest.Value is { } text && text.StartsWith("/" + folder, StringComparison.Ordinal));
}
