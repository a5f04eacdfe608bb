using Orchestrator.Engine.Security;
using Orchestrator.Providers.Http;
using Orchestrator.Spending;

namespace Orchestrator.Server.Configuration;

/// <summary>An account at a rental provider.</summary>
public sealed record AccountEntry
{
    /// <summary>The person's name for it.</summary>
    public required string Name { get; init; }

    public required string Provider { get; init; }

    /// <summary>Where its API key is.</summary>
    public required TokenSource Key { get; init; }

    /// <summary>Where its API is; null = where everybody's is.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Hosts that the provider has not verified are offered as well.</summary>
    public bool Unverified { get; init; }

    /// <summary>What may be rented with it at most, beside what the server's own limits allow.</summary>
    public ServerLimits Limits { get; init; } = new();

    /// <summary>How its API is called, at its own address.</summary>
    public ApiOptions At(ApiOptions usual)
    {
        ArgumentNullException.ThrowIfNull(usual);
        return usual with { BaseAddress = Endpoint ?? usual.BaseAddress };
    }
}
