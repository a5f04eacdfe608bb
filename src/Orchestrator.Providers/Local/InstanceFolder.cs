using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Providers.Local;

/// <summary>
/// An instance on disk: <c>ID/instance.json</c> is ours, <c>ID/root/</c> the instance's. Ours lies outside: the agent wipes its
/// root when the host is cleaned, and an instance without a card would be forgotten while it lives.
/// </summary>
internal sealed class InstanceFolder(string root)
{
    public string Root { get; } = root;

    /// <summary>The agent's <c>--root</c>.</summary>
    public string AgentRoot => Path.Combine(Root, "root");

    public string Card => Path.Combine(Root, "instance.json");

    /// <summary>Its presence says that a destroy has begun.</summary>
    public string TerminatingMark => Path.Combine(Root, "terminating");

    public bool IsTerminating => File.Exists(TerminatingMark);

    public LocalInstance? ReadCard() => Read(Card, LocalJson.Default.LocalInstance) is { } card && card.Id == Path.GetFileName(Root) ? card : null;

    public LocalSupervisor? ReadSupervisor() => Read(Path.Combine(AgentRoot, "agent", "supervisor.json"), LocalJson.Default.LocalSupervisor);

    public void WriteCard(LocalInstance card)
    {
        Directory.CreateDirectory(AgentRoot);
        var temporary = Card + ".new";
        using (var stream = File.Create(temporary))
        {
            JsonSerializer.Serialize(stream, card, LocalJson.Default.LocalInstance);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, Card, overwrite: true);
    }

    /// <summary>Null = missing, half written or not ours.</summary>
    private static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type);
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
