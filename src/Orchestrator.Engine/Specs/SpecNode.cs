namespace Orchestrator.Engine.Specs;

/// <summary>A piece of YAML with its place. <see cref="Source"/> is null for the file, else says where the value is from.</summary>
internal abstract record SpecNode(int Line, int Column)
{
    public SpecOrigin Origin { get; init; } = SpecOrigin.Job;

    /// <summary>For values that are not from the file: the setting they come from.</summary>
    public string? Source { get; init; }

    /// <summary>Where relative paths start from; null = at the folder of the job's file.</summary>
    public string? Folder { get; init; }
}
