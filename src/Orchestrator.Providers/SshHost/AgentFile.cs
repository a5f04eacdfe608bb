using System.Security.Cryptography;

namespace Orchestrator.Providers.SshHost;

/// <summary>The agent as it lies here: copied to each machine once per version, under its hash.</summary>
internal sealed record AgentFile(string Path, string Sha256, long Size)
{
    /// <exception cref="ProviderException">There is none.</exception>
    public static AgentFile Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return new(path, Convert.ToHexStringLower(SHA256.HashData(stream)), stream.Length);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"cannot read the agent {path}: {unreadable.Message}; build it with scripts/orchestrator, or set ORCHESTRATOR_AGENT", unreadable);
        }
    }

    public string FolderBelow(string root) => $"{root}/agents/{Sha256}";

    public string PathBelow(string root) => PathBelow(root, Sha256);

    public static string PathBelow(string root, string hash) => $"{root}/agents/{hash}/orchestrator-agent";
}
