namespace Orchestrator.Engine.Store;

internal sealed record SpecRow
{
    public string Yaml { get; init; } = "";

    public string Json { get; init; } = "";
}
