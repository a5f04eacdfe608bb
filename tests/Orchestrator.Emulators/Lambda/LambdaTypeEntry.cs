namespace Orchestrator.Emulators.Lambda;

/// <summary>An instance type, with how many there are in each region.</summary>
public sealed record LambdaTypeEntry
{
    public string Name { get; init; } = "gpu_1x_a10";

    public string Description { get; init; } = "1x A10 (24 GB PCIe)";

    public int Gpus { get; init; } = 1;

    public int Cents { get; init; } = 129;

    public string? Architecture { get; init; } = "x86_64";

    public IReadOnlyDictionary<string, int> Stock { get; init; } = new Dictionary<string, int> { ["us-west-1"] = 1 };
}
