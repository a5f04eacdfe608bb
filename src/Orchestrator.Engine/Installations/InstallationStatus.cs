namespace Orchestrator.Engine.Installations;

/// <summary>Whether database and outside record belong together.</summary>
/// <param name="Recovered">Null = they do. Else why not, for a person: nothing is launched or destroyed until one confirms.</param>
public sealed record InstallationStatus(string? Recovered)
{
    public static InstallationStatus Normal { get; } = new((string?)null);

    public bool IsRecovered => Recovered is not null;
}
