using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orchestrator.Providers.Local;

/// <summary>
/// An instance on disk: <c>ID/instance.json</c> is ours, <c>ID/root/</c> the host: the agent's and the job's, who may wipe all of
/// it. The card must survive that, or nobody could destroy what still runs there.
/// </summary>
internal sealed class InstanceFolder(string root)
{
    public string Root { get; } = root;

    /// <summary>What the agent is given as its <c>--root</c>.</summary>
    public string Host => Path.Combine(Root, "root");

    public string Card => Path.Combine(Root, "instance.json");

    /// <summary>Its presence says that a destroy has begun.</summary>
    public string TerminatingMark => Path.Combine(Root, "terminating");

    public bool IsTerminating => File.Exists(TerminatingMark);

    public LocalInstance? ReadCard() => Read(Card, LocalJson.Default.LocalInstance) is { } card && card.Id == Path.GetFileName(Root) ? card : null;

    public LocalSupervisor? ReadSupervisor() => Read(Path.Combine(Host, "agent", "supervisor.json"), LocalJson.Default.LocalSupervisor);

    public void WriteCard(LocalInstance card)
    {
        Directory.CreateDirectory(Root);
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
