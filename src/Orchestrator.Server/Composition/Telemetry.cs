using System.Collections;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Orchestrator.Engine.Telemetry;
using Orchestrator.Providers.Http;
using Orchestrator.Server.Security;

namespace Orchestrator.Server.Composition;

/// <summary>
/// OpenTelemetry: figures for Prometheus to fetch at <see cref="Path"/> and, where the standard variables name a collector, figures and
/// spans sent there. What is measured is said where it is measured; nothing below this project knows of OpenTelemetry.
/// </summary>
internal static class Telemetry
{
    internal const string Path = "/metrics";

    /// <summary>The variable by which OpenTelemetry's documents name a collector; without it nothing is sent and no span is made.</summary>
    private const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>A series for each job that has trained since the server began; the usual two thousand would not do for a year.</summary>
    private const int MostJobs = 20_000;

    private static readonly string[] _meters = [BookMeter.Name, TickMeter.Name, CallMeter.Name, "System.Runtime"];

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
                metrics.AddMeter(_meters).AddView(BookMeter.OfJobs, new MetricStreamConfiguration { CardinalityLimit = MostJobs });
                metrics.AddPrometheusExporter(prometheus => prometheus.ScopeInfoEnabled = false);
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
        // Made now: a meter that nobody has made is in no collection.
        var books = routes.ServiceProvider.GetRequiredService<BookMeter>();
        routes.MapPrometheusScrapingEndpoint(
            Path, null,
            branch => branch.Use(next => async context =>
            {
                await books.RefreshAsync(context.RequestAborted);
                await next(context);
            }),
            null).ForViewers();
    }
}
