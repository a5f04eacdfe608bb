using System.Text.Json;

namespace Orchestrator.Engine.Hosts;

/// <summary>What an agent needs of a host, as the build wrote it beside the file (agent.json).</summary>
/// <param name="Version">As <c>orchestrator-agent version</c> says.</param>
/// <param name="Glibc">Oldest C library it runs on, <c>2.31</c>.</param>
/// <param name="OpenSsl"><c>static</c> = inside; <c>system</c> = the host must have libssl for stores behind TLS.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the file, in hex.</param>
public sealed record AgentBuild(string Version, string Glibc, string OpenSsl, long Size, string Sha256)
{
    public const string FileName = "agent.json";

    /// <summary>Ubuntu 20.04 and Debian 11, the oldest systems that rented hosts still run.</summary>
    private static readonly Version _oldest = new(2, 31);

    /// <summary>Runs on every system we mean to serve.</summary>
    public bool IsPortable => OpenSsl == "static" && System.Version.TryParse(Glibc, out var needed) && needed <= _oldest;

    /// <summary>Null = the build left no such file: it was not made by our scripts.</summary>
    /// <exception cref="InvalidDataException">It is there and cannot be understood.</exception>
    public static AgentBuild? Beside(string agentPath)
    {
        ArgumentNullException.ThrowIfNull(agentPath);
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(agentPath)) ?? "/", FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<AgentBuild>(File.ReadAllText(file), JsonSerializerOptions.Web) is { Glibc: not null, OpenSsl: not null, Sha256: not null } build
                ? build
                : throw new InvalidDataException($"{file} lacks what the agent needs; build it anew");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{file} is damaged; build it anew: {broken.Message}");
        }
    }
}
