namespace Orchestrator.Agent;

/// <summary>
/// Switches that break one safety rule each, so that a drill can prove that it would notice. Off by default; set by the
/// environment variable <c>ORCHESTRATOR_SABOTAGE</c> (comma-separated) of the agent's process, never by a job:
/// <list type="bullet">
/// <item><c>manifest-first</c>: the manifest is stored before the files it names.</item>
/// <item><c>no-change-check</c>: a checkpoint that changes while it is read is stored all the same.</item>
/// </list>
/// </summary>
internal static class Sabotage
{
    private static readonly string[] On = (Environment.GetEnvironmentVariable("ORCHESTRATOR_SABOTAGE") ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static bool ManifestFirst { get; } = On.Contains("manifest-first");

    public static bool NoChangeCheck { get; } = On.Contains("no-change-check");
}
