using Orchestrator.Engine.Security;

namespace Orchestrator.Server.Composition;

/// <summary>Where the engine is plugged in: database, installation, store, providers, desks.</summary>
internal static class EngineWiring
{
    internal static Task<WebApplication> BuildAsync(ServeOptions options, ApiToken token, Serilog.ILogger log, Microsoft.Extensions.Logging.ILogger logger, CancellationToken cancellation) =>
        throw new NotSupportedException("the engine is not part of this build yet");
}
