using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Backups;

/// <summary>
/// Which files of a data folder a backup needs. Not the store, whose checkpoints are too large and lie in a bucket for whoever
/// wants them safe, nor instances and logs; the keys of browser sessions neither, since people can sign in again.
/// </summary>
internal static class BackedUpFiles
{
    internal const string Configuration = "orchestrator.yaml";
    private const string Templates = "templates";

    /// <summary>Names in the archive, and where they lie.</summary>
    internal static IEnumerable<(string Name, string Path)> Of(DataFolder folder, string? configuration)
    {
        foreach (var path in (string[])
        [
            folder.TokenFile, folder.SecretsKeyFile, SecretsKeyring.NextOf(folder.SecretsKeyFile), folder.InstallationFile, folder.KnownMachinesFile, folder.GitKnownHostsFile, folder.StoreFoldersFile,
        ])
        {
            if (File.Exists(path))
            {
                yield return (Path.GetFileName(path), path);
            }
        }

        if (configuration is not null)
        {
            yield return (Configuration, configuration);
        }

        if (Directory.Exists(folder.Templates))
        {
            foreach (var path in Directory.EnumerateFiles(folder.Templates, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                yield return (Path.GetRelativePath(folder.Root, path), path);
            }
        }
    }

    /// <summary>Whether a name of an archive is one that this program puts there: an archive may come from anywhere.</summary>
    internal static bool IsKnown(string name, DataFolder folder)
    {
        string[] single =
        [
            folder.TokenFile, folder.SecretsKeyFile, SecretsKeyring.NextOf(folder.SecretsKeyFile), folder.InstallationFile, folder.KnownMachinesFile, folder.GitKnownHostsFile, folder.StoreFoldersFile,
        ];
        return name == Configuration
            || Array.Exists(single, path => Path.GetFileName(path) == name)
            || (name.StartsWith(Templates + "/", StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal) && !name.Contains("//", StringComparison.Ordinal)
                && Array.TrueForAll(name.Split('/'), part => part is not ("" or "." or "..")));
    }
}
