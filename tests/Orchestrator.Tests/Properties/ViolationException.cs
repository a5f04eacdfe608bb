namespace Orchestrator.Tests.Properties;

/// <summary>A safety property did not hold.</summary>
public sealed class ViolationException(string property, string words) : Exception($"{property}: {words}")
{
    public string Property { get; } = property;
}
