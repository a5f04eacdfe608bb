using System.Collections.Immutable;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Jobs;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>channels</c>: who is told, and how.</summary>
internal static class ChannelsReader
{
    private static readonly string[] _kinds = ["webhook", "ntfy", "slack", "discord", "telegram", "email", "command"];

    internal static ImmutableArray<ChannelEntry> Read(ConfigurationNode node) => [.. node.Named().Select(entry => ReadOne(entry.Name, entry.Value)).OfType<ChannelEntry>()];

    /// <summary>Null when it has errors.</summary>
    private static ChannelEntry? ReadOne(string name, ConfigurationNode node)
    {
        var fields = node.Entries("kind", "on", "default", "quiet", "url", "key", "topic", "server", "token", "bot", "chat", "user", "password", "from", "to", "run")
            .ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal);
        if (!fields.TryGetValue("kind", out var kindNode))
        {
            node.Error($"{node.Path} needs kind: {ConfigurationNode.Either(_kinds)}");
            return null;
        }

        if (kindNode.OneOf(_kinds) is not { } kind)
        {
            return null;
        }

        var ways = new ChannelWays(node, kind, fields);
        var way = ways.Read();
        ways.RefuseTheRest("kind", "on", "default", "quiet");
        return way is null ? null : new ChannelEntry(name, way)
        {
            On = fields.TryGetValue("on", out var on) ? Topics(on) : NotifyTopics.OfChannelsUnasked,
            IsDefault = !fields.TryGetValue("default", out var isDefault) || isDefault.YesNo() != false,
            Quiet = fields.GetValueOrDefault("quiet")?.Hours(),
        };
    }

    private static ImmutableArray<string> Topics(ConfigurationNode node)
    {
        var topics = node.Texts().ToImmutableArray();
        foreach (var topic in topics.Where(topic => !NotifyTopics.OfChannels.Contains(topic)))
        {
            node.Error($"{node.Path}: \"{Views.Clean.Line(topic, 40)}\" is none of {string.Join(", ", NotifyTopics.OfChannels)}");
        }

        return topics;
    }
}
