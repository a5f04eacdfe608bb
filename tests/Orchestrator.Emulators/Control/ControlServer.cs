using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Emulators.Control;

/// <summary>The page of all clouds, at an address of its own: at the APIs' there is nothing that the real ones lack.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ControlServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First().TrimEnd('/') + "/");

    /// <param name="clouds">That it shows.</param>
    /// <param name="port">Zero = any that is free.</param>
    public static async Task<ControlServer> StartAsync(IReadOnlyList<CloudControls> clouds, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.MapGet("/", () => Results.Content(ControlPage.Of(clouds), "text/html; charset=utf-8"));
        app.MapGet("/bills", () => Results.Json(clouds.ToDictionary(cloud => cloud.Name, cloud => cloud.Bills())));
        app.MapPost("/{cloud}/{name}", (string cloud, string name) => Throw(clouds, cloud, name, null));
        app.MapPost("/{cloud}/{instance}/{name}", (string cloud, string instance, string name) => Throw(clouds, cloud, name, instance));
        await app.StartAsync();
        return new ControlServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static IResult Throw(IReadOnlyList<CloudControls> clouds, string cloud, string name, string? instance) =>
        clouds.FirstOrDefault(one => one.Name == cloud)?.Throw(name, instance) == true
            ? new SeeOther()
            : Results.Text("there is no such switch, or no such instance any more\n", statusCode: StatusCodes.Status404NotFound);

    /// <summary>Back to the page, with a GET.</summary>
    private sealed class SeeOther : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = "/";
            return Task.CompletedTask;
        }
    }
}
