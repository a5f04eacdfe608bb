using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Drills.Weekend;

/// <summary>A webhook that keeps what is told.</summary>
internal sealed class MessageTrap : IAsyncDisposable
{
    private readonly ConcurrentQueue<JsonNode> _told = new();
    private readonly WebApplication _app;

    private MessageTrap()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(async context => _told.Enqueue((await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!));
    }

    /// <summary>Lines of an orchestrator.yaml that send everything here.</summary>
    public string Channel => $"channels:\n  trap: {{kind: webhook, url: {_app.Urls.Single()}, on: [start, interrupted, finish, fail, budget, stuck, deadline, balance, attention]}}\n";

    /// <summary>
    /// Each message by its number. A server that dies between the reply and its note of it sends a message again: it has the same number, by
    /// which a receiver knows it.
    /// </summary>
    public IReadOnlyList<JsonNode> Told => [.. _told.DistinctBy(one => one["id"]!.GetValue<long>())];

    public static async Task<MessageTrap> StartAsync()
    {
        var trap = new MessageTrap();
        await trap._app.StartAsync();
        return trap;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
