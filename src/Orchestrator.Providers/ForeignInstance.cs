namespace Orchestrator.Providers;

/// <summary>An instance on the account that is none of ours: shown to people, and never touched.</summary>
/// <param name="InstanceId">The provider's id.</param>
/// <param name="Name">What somebody called it; may be empty.</param>
public sealed record ForeignInstance(string InstanceId, string Name)
{
    /// <summary>Null = not said.</summary>
    public Money? PricePerHour { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>The provider's own word for how it is.</summary>
    public string Words { get; init; } = "";
}
