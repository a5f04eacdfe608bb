using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Orchestrator.IntegrationTests.Artifacts.Sources;

/// <summary>Files of a folder over HTTP or HTTPS, with tags, ranges and conditions; for a password where one is set.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly WebApplication _app;

    private FileServer(string folder, X509Certificate2? certificate)
    {
        _folder = folder;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public string Url => _app.Urls.First();

    /// <summary>Beside any name; null = asked of nobody.</summary>
    public string? Password { get; set; }

    public static async Task<FileServer> StartAsync(string folder, X509Certificate2? certificate = null)
    {
        var server = new FileServer(folder, certificate);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        if (Password is { } password && !IsKnown(context.Request.Headers.Authorization.ToString(), password))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"files\"";
            return;
        }

        var file = new FileInfo(Path.Combine(_folder, context.Request.Path.Value!.TrimStart('/')));
        await (file.Exists
            ? Results.File(file.FullName, "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{file.Length}-{file.LastWriteTimeUtc.Ticks}\""), enableRangeProcessing: true)
            : Results.NotFound()).ExecuteAsync(context);
    }

    private static bool IsKnown(string authorization, string password) => authorization.StartsWith("Basic ", StringComparison.Ordinal)
        && Encoding.UTF8.GetString(Convert.FromBase64String(authorization["Basic ".Length..])).EndsWith(":" + password, StringComparison.Ordinal);
}
