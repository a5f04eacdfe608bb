using Orchestrator.Drills.Kit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>
/// Everything that a machine holds while a job trains on it: Docker's books and logs, the containers' files, our own folder, and the
/// command lines of all processes. Only the trainer's environment may hold a secret.
/// </summary>
internal static class HostScan
{
    // Sockets and pipes are passed over, and nowhere is no failure. What lies below /proc is the environment, which may hold it.
    private const string Grep = "grep -rlaF -e \"$1\" \"$2\" --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev 2>/dev/null || true";

    /// <returns>Where one of the words was found.</returns>
    internal static async Task<IReadOnlyList<string>> FindAsync(TestDocker docker, string root, params IReadOnlyList<string> words)
    {
        List<string> found = [];
        void Look(string where, string content) => found.AddRange(words.Where(word => content.Contains(word, StringComparison.Ordinal)).Select(_ => where));

        foreach (var container in await docker.ContainersAsync())
        {
            Look("docker inspect", await docker.RunAsync("inspect", container));
            Look("docker logs", await docker.RunAsync("logs", container));
            foreach (var word in words)
            {
                var hits = await docker.RunAsync("exec", container, "sh", "-c", Grep, "sh", word, "/");
                found.AddRange(hits.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(file => "in the container: " + file));
            }
        }

        foreach (var process in LiveProcess.All())
        {
            Look("arguments of " + process.Arguments.FirstOrDefault(), string.Join('\0', process.Arguments));
        }

        foreach (var word in words)
        {
            var hits = await Sshd.RunAsync("sh", "-c", Grep, "sh", word, root);
            found.AddRange(hits.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return found;
    }
}
