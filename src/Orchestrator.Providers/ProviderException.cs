namespace Orchestrator.Providers;

/// <summary>A provider's refusal or failure. The message keeps the provider's own words and holds no secret.</summary>
public sealed class ProviderException(ProviderErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public ProviderErrorKind Kind { get; } = kind;

    /// <summary>When to ask again, where the provider said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>We refused to send it: the provider was not asked, and is not to be blamed.</summary>
    public bool NothingSent { get; init; }
}
