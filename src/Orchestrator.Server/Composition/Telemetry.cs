using System.Collections;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orchestrator.Engine.Telemetry;
using Orchestrator.Providers.Http;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Composition;

/// <summary>
/// What Prometheus fetches at <see cref="Path"/> and, where the standard variables of OpenTelemetry name a collector, what is counted and
/// the spans sent there. What is measured is said where it is measured; nothing below this project knows of OpenTelemetry.
/// </summary>
internal static class Telemetry
{
    internal const string Path = "/metrics";

    /// <summary>The variable by which OpenTelemetry's documents name a collector; without it nothing is sent and no span is made.</summary>
    private const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] _meters = [TickMeter.Name, CallMeter.Name, "System.Runtime"];

    /// <summary>The standard variables of OpenTelemetry, which its packages look for in the configuration.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Variables() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(variable => variable.Key is string name && name.StartsWith("OTEL_", StringComparison.Ordinal))
        .Select(variable => KeyValuePair.Create((string)variable.Key, (string?)variable.Value));

    internal static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var sends = configuration[CollectorVariable] is { Length: > 0 };
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("orchestrator", serviceVersion: ProductVersion.Text, serviceInstanceId: Environment.MachineName.ToLowerInvariant()))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(_meters).AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false);
                if (sends)
                {
                    metrics.AddOtlpExporter();
                }
            });
        if (sends)
        {
            telemetry.WithTracing(traces => traces.AddSource(TickMeter.Name, CallMeter.Name).AddOtlpExporter());
        }
    }

    /// <summary>Who may read the API may read this; being local opens nothing, since a proxy on this machine makes strangers look so.</summary>
    internal static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        var books = routes.ServiceProvider.GetRequiredService<BookMeter>();
        routes.MapPrometheusScrapingEndpoint(Path, null, branch => branch.Use(next => context => WithBooksAsync(context, next, books)), null).ForViewers();
    }

    /// <summary>What was counted along the way, and after it what the books say.</summary>
    private static async Task WithBooksAsync(HttpContext context, RequestDelegate next, BookMeter books)
    {
        await books.RefreshAsync(context.RequestAborted);
        // Its plain format, which can be added to, and which every Prometheus reads.
        context.Request.Headers.Accept = default;
        context.Request.Headers.AcceptEncoding = default;
        var (response, body) = (context.Response, context.Response.Body);
        using var all = new MemoryStream();
        response.Body = all;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (response.StatusCode == StatusCodes.Status204NoContent)
        {
            (response.StatusCode, response.ContentType) = (StatusCodes.Status200OK, "text/plain; version=0.0.4; charset=utf-8");
        }

        if (response.StatusCode == StatusCodes.Status200OK)
        {
            all.Write(Encoding.UTF8.GetBytes(books.Text()));
        }

        response.ContentLength = all.Length;
        all.Position = 0;
        await all.CopyToAsync(body, context.RequestAborted);
    }
}
