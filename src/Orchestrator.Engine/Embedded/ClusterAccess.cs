using System.Globalization;
using Orchestrator.Engine.Processes;

namespace Orchestrator.Engine.Embedded;

/// <summary>Says early and in one line when the cluster's user cannot get at its folder.</summary>
internal static class ClusterAccess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    internal static async Task CheckAsync(ClusterFolder folder, ClusterUser user, CancellationToken cancellationToken)
    {
        if (user.IsOther)
        {
            await CheckParentsAsync(folder, user, cancellationToken);
        }

        if (Directory.Exists(folder.Data))
        {
            await CheckOwnerAsync(folder, user, cancellationToken);
        }
    }

    private static async Task CheckParentsAsync(ClusterFolder folder, ClusterUser user, CancellationToken cancellationToken)
    {
        // Asked of the kernel as that user: modes alone do not tell about groups and access lists.
        var parents = new List<string>();
        for (var parent = folder.Root; parent is not null; parent = Path.GetDirectoryName(parent))
        {
            parents.Insert(0, parent);
        }

        if (await CanEnterAsync(folder.Root, user, cancellationToken))
        {
            return;
        }

        foreach (var parent in parents)
        {
            if (!await CanEnterAsync(parent, user, cancellationToken))
            {
                var mode = Convert.ToString((int)File.GetUnixFileMode(parent), 8);
                throw new EmbeddedPostgresException(
                    $"PostgreSQL runs as the user {user.Name}, who cannot enter {parent} (mode {mode}), so its data cannot lie in {folder.Root}; use another data folder with --data, for example /var/lib/orchestrator");
            }
        }
    }

    private static async Task<bool> CanEnterAsync(string path, ClusterUser user, CancellationToken cancellationToken)
    {
        var test = Executables.Find("test") ?? throw new EmbeddedPostgresException("the program test is missing; install it with: apt install coreutils");
        return (await ShortCommand.RunAsync(user.Command(test, "-x", path), user.Variables, Limit, cancellationToken)).ExitCode == 0;
    }

    private static async Task CheckOwnerAsync(ClusterFolder folder, ClusterUser user, CancellationToken cancellationToken)
    {
        var stat = Executables.Find("stat") ?? throw new EmbeddedPostgresException("the program stat is missing; install it with: apt install coreutils");
        var owner = await ShortCommand.RunAsync([stat, "--format=%u %U", folder.Data], user.Variables, Limit, cancellationToken);
        var parts = owner.Output.Split(' ');
        if (owner.ExitCode != 0 || parts.Length != 2 || parts[0] != user.UserId.ToString(CultureInfo.InvariantCulture))
        {
            throw new EmbeddedPostgresException(
                $"the database in {folder.Data} belongs to the user {(parts.Length == 2 ? parts[1] : "?")}, but would now run as {user.Name}; run as the user who created it, or use another data folder with --data");
        }
    }
}
