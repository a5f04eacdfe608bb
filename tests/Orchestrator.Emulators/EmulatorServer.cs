using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Emulators;

/// <summary>An emulator at an address of this machine, for clients that know nothing of it.</summary>
public sealed class EmulatorServer : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private readonly WebApplication _app;
    private readonly IEmulatedApi _api;

    private EmulatorServer(IEmulatedApi api, int port)
    {
        _api = api;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public Uri Address => new(_app.Urls.First().TrimEnd('/') + "/");

    /// <param name="api">What answers.</param>
    /// <param name="port">Zero = any that is free.</param>
    public static async Task<EmulatorServer> StartAsync(IEmulatedApi api, int port = 0)
    {
        var server = new EmulatorServer(api, port);
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        var query = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        var key = context.Request.Headers.Authorization.ToString() is { Length: > 7 } header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : query.GetValueOrDefault("api_key");
        var answer = _api.Answer(new(context.Request.Method, context.Request.Path.Value!.TrimStart('/'), query, key, text) { UserAgent = context.Request.Headers.UserAgent.ToString(), BasicUser = EmulatedRequest.BasicUserOf(context.Request.Headers.Authorization) });
        if (answer.After > TimeSpan.Zero)
        {
            await Task.Delay(answer.After, context.RequestAborted);
        }

        if (answer.Status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Status != 204)
        {
            await context.Response.WriteAsync(answer.Body, context.RequestAborted);
        }

        while (answer.Later is { } later)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(_pause, context.RequestAborted);
            if (later() is not { } more)
            {
                break;
            }

            await context.Response.WriteAsync(more, context.RequestAborted);
        }
    }
}
