using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Telemetry;
using Orchestrator.Server.Composition;

namespace Orchestrator.Tests.Telemetry;

/// <summary>The endpoint of an application that was never started, asked in memory.</summary>
internal sealed class Exposition : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RequestDelegate _endpoint;

    internal Exposition(Func<CancellationToken, Task<BookFigures>> read, TimeProvider time)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting();
        builder.Services.AddTelemetry(new ConfigurationBuilder().Build());
        builder.Services.AddSingleton(new BookMeter(read, time, NullLogger<BookMeter>.Instance));
        builder.Services.Configure<OpenTelemetry.Exporter.PrometheusAspNetCoreOptions>(prometheus => prometheus.ScrapeResponseCacheDurationMilliseconds = 0);
        _app = builder.Build();
        _app.MapMetrics();
        _endpoint = ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Single(one => one.RoutePattern.RawText == "/metrics").RequestDelegate!;
    }

    /// <summary>Lines of our own figures, comments left out.</summary>
    internal async Task<IReadOnlyList<string>> ScrapeAsync() => [.. (await TextAsync()).Split('\n').Where(line => line.StartsWith("orchestrator_", StringComparison.Ordinal))];

    internal async Task<string> TextAsync()
    {
        var context = new DefaultHttpContext { RequestServices = _app.Services };
        context.Request.Method = "GET";
        context.Request.Path = "/metrics";
        using var body = new MemoryStream();
        context.Response.Body = body;
        await _endpoint(context);
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
