using System.Globalization;

namespace Orchestrator.Agent;

/// <summary>The agent's own log: stderr, which the supervisor appends to agent/agent.log. Never given secrets.</summary>
internal static class Diagnostics
{
    private const long MaxBytes = 4L << 20;

    public static void Write(string words) => StandardStreams.Error(
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} [{Environment.ProcessId}] {words}"));

    /// <summary>Keeps one older file, so that the log stays bounded over many restarts.</summary>
    public static void Rotate(string path)
    {
        var file = new FileInfo(path);
        if (file.Exists && file.Length > MaxBytes)
        {
            file.MoveTo(path + ".1", overwrite: true);
        }
    }
}
