using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Api;

internal static class HealthEndpoint
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>For load balancers and for the command line that waits for a server it started; tells nothing about jobs.</summary>
    internal static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/healthz", async (ISystemDesk system, CancellationToken cancellation) =>
        {
            HealthReply health;
            try
            {
                health = await system.HealthAsync(cancellation).WaitAsync(Limit, cancellation);
            }
            catch (Exception error) when (error is TimeoutException or Npgsql.NpgsqlException)
            {
                health = new(false, "does not answer", null);
            }

            return TypedResults.Json(health, ApiJson.Options, statusCode: health.Ok ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous();
}
