namespace Orchestrator.Server.Configuration;

/// <summary>This machine as the provider <c>local</c> offers it; null = what the system says.</summary>
public sealed record LocalMachine
{
    public int? Cpus { get; init; }

    /// <summary>Bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Of one CPU slot or GPU for an hour.</summary>
    public Money Price { get; init; }
}
