namespace Orchestrator.IntegrationTests.Support;

/// <summary>Whether the drills are wanted that take minutes by their nature. Without them the suite runs what it can of each in seconds.</summary>
internal static class LongDrills
{
    /// <summary>Set to 1, they run at the length of the promise.</summary>
    public const string Variable = "ORCHESTRATOR_LONG";

    public static bool Wanted => Environment.GetEnvironmentVariable(Variable) == "1";
}
