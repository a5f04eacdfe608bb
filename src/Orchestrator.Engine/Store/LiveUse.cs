using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>Something of the configuration that a job still needs: the machine an attempt runs on, or a store.</summary>
public sealed record LiveUse
{
    public JobId JobId => new(Job);

    public long Job { get; init; }

    public string Name { get; init; } = "";

    public string? Provider { get; init; }

    /// <summary><c>ssh/box1</c>; null for providers without hosts.</summary>
    public string? Host { get; init; }

    /// <summary>Of the attempt's launch.</summary>
    public string? Label { get; init; }

    /// <summary>For an hour the attempt has waited for a word on its create call, or on whether its instance is destroyed.</summary>
    public bool IsOverdue { get; init; }

    /// <summary>Where objects of the job lie, <c>store[/prefix/]</c>; null = this is about a host.</summary>
    public string? Place { get; init; }
}
