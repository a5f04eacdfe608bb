namespace Orchestrator.IntegrationTests.Support;

/// <summary>The class's <see cref="StoreFactAttribute"/> tests are skipped, with the reason, where a variable is not set.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(string variable, string why) : Attribute
{
    public string Variable { get; } = variable;

    public string Why { get; } = why;
}
