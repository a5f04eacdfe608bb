using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Messages.Channels;
using Xunit;

namespace Orchestrator.IntegrationTests.Messages;

/// <summary>Catches what is sent to it over HTTP.</summary>
public sealed class MessageReceiver : IAsyncLifetime
{
    private readonly ConcurrentQueue<ReceivedMessage> _received = new();
    private readonly ConcurrentDictionary<string, int> _tries = new();
    private WebApplication? _app;

    public Uri Url => new(_app!.Urls.Single());

    /// <summary>What got through, in its order.</summary>
    public IReadOnlyList<ReceivedMessage> Received => [.. _received];

    /// <summary>A path that answers 503; null = none.</summary>
    public string? Fails { get; set; }

    public int Tries(string path) => _tries.GetValueOrDefault(path);

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(async context =>
        {
            var path = context.Request.Path.ToString();
            _tries.AddOrUpdate(path, 1, (_, tries) => tries + 1);
            if (path == Fails)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await context.Response.WriteAsync("under repair");
                return;
            }

            _received.Enqueue(new(path, (await JsonNode.ParseAsync(context.Request.Body))!, context.Request.Headers[WebRequests.SignatureHeader].ToString()));
        });
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app!.DisposeAsync();
}
