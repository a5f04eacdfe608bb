using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Training;

/// <summary>Finds an executable as a shell would, in the trainer's own PATH rather than the agent's.</summary>
internal static class CommandSearch
{
    private const string UsualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int AnyExecute = 0b001_001_001;

    /// <summary>Null = not found.</summary>
    public static string? Find(string command, string? path)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            return FileStat.Of(command, follow: true) is null ? null : command;
        }

        foreach (var folder in (path ?? UsualPath).Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var candidate = Path.Combine(folder, command);
            if (FileStat.Of(candidate, follow: true) is { IsRegular: true } stat && (stat.Permissions & AnyExecute) != 0)
            {
                return candidate;
            }
        }

        return null;
    }
}
