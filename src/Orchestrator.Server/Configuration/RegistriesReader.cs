using System.Collections.Immutable;
using Orchestrator.Engine.Images;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>registries</c>.</summary>
internal static class RegistriesReader
{
    internal static ImmutableArray<RegistryEntry> Read(ConfigurationNode node) => [.. node.Named().Select(entry => ReadOne(entry.Name, entry.Value)).OfType<RegistryEntry>()];

    private static RegistryEntry? ReadOne(string name, ConfigurationNode node)
    {
        var registry = new RegistryEntry { Name = name, Host = "" };
        foreach (var (key, value) in node.Entries("host", "user", "password", "ca", "hosts"))
        {
            registry = key switch
            {
                "host" => registry with { Host = Host(value) ?? "?" },
                "user" => registry with { User = value.Text() },
                "password" => registry with { Password = TokenSourceReader.Read(value) },
                "hosts" => registry with { Hosts = value.YesNo() == true },
                _ => registry with { CaFile = value.AbsolutePath() },
            };
        }

        if (registry.Host.Length == 0)
        {
            node.Error($"{node.Path} needs host; for example host: ghcr.io");
            return null;
        }

        if (registry.User is null != registry.Password is null)
        {
            node.Error($"{node.Path} needs both user and password, or neither; for example user: bot, password: {{secret: {name}}}");
            return null;
        }

        return registry;
    }

    private static string? Host(ConfigurationNode node)
    {
        if (node.Text()?.ToLowerInvariant() is not { } text)
        {
            return null;
        }

        if (ImageReference.IsHost(text))
        {
            return text is "index.docker.io" or "registry-1.docker.io" ? ImageReference.DockerHub : text;
        }

        node.Error($"{node.Path} must be the registry as images name it, without https:// and without a path; for example ghcr.io or localhost:5000");
        return null;
    }
}
