namespace Orchestrator.Drills.Kit;

/// <summary>What is put to the test: the published server and agent.</summary>
/// <param name="Root">The repository.</param>
/// <param name="Server">orchestrator.dll.</param>
/// <param name="Agent">The agent's executable.</param>
public sealed record Products(string Root, string Server, string Agent)
{
    /// <summary>From ORCHESTRATOR_SERVER_DLL and ORCHESTRATOR_AGENT, else what scripts/orchestrator has built.</summary>
    public static Products? Find()
    {
        if (FindRoot(AppContext.BaseDirectory) is not { } root)
        {
            return null;
        }

        var server = Environment.GetEnvironmentVariable("ORCHESTRATOR_SERVER_DLL") is { Length: > 0 } dll ? dll : Path.Combine(root, "artifacts/server/orchestrator.dll");
        var agent = Environment.GetEnvironmentVariable("ORCHESTRATOR_AGENT") is { Length: > 0 } file ? file : Path.Combine(root, "artifacts/agent/orchestrator-agent");
        return File.Exists(server) && File.Exists(agent) ? new(root, Resolve(server), Resolve(agent)) : null;
    }

    /// <summary>The links move with the next build; one run keeps what it began with.</summary>
    private static string Resolve(string path)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(path)!);
        return Path.Combine(folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName, Path.GetFileName(path));
    }

    private static string? FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
