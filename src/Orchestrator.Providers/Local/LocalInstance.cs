namespace Orchestrator.Providers.Local;

/// <summary>What an instance's <c>instance.json</c> says; a folder without a readable one is not ours and is left alone.</summary>
public sealed record LocalInstance
{
    public required string Id { get; init; }

    public required string Label { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public int Cpus { get; init; }

    public int Gpus { get; init; }
}
