using System.Text.Json;
using Orchestrator.Attempts;
using Orchestrator.Json;
using Orchestrator.Protocol;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>Documents of the database, each read and written in one way only.</summary>
internal static class StoredJson
{
    internal static string Write(JobState state) => JsonSerializer.Serialize(state, CoreJson.Default.JobState);

    internal static JobState State(string json) => JsonSerializer.Deserialize(json, CoreJson.Default.JobState)!;

    internal static string Write(JobEvent jobEvent) => JsonSerializer.Serialize(jobEvent, CoreJson.Default.JobEvent);

    internal static JobEvent Event(string json) => JsonSerializer.Deserialize(json, CoreJson.Default.JobEvent)!;

    internal static string Write(TickRecord record) => JsonSerializer.Serialize(record, CoreJson.Default.TickRecord);

    internal static TickRecord Tick(string json) => JsonSerializer.Deserialize(json, CoreJson.Default.TickRecord)!;

    internal static string Write(InboxItem item) => JsonSerializer.Serialize(item, CoreJson.Default.InboxItem);

    internal static InboxItem Inbox(long id, string json) => JsonSerializer.Deserialize(json, CoreJson.Default.InboxItem)! with { Id = id };

    internal static string Write(AgentEvent agentEvent) => JsonSerializer.Serialize(agentEvent, CoreJson.Default.AgentEvent);

    internal static AgentEvent AgentEvent(string json) => JsonSerializer.Deserialize(json, CoreJson.Default.AgentEvent)!;

    internal static string Write(AgentCommand command) => JsonSerializer.Serialize(command, CoreJson.Default.AgentCommand);

    internal static AgentCommand Command(string json) => JsonSerializer.Deserialize(json, CoreJson.Default.AgentCommand)!;

    internal static string Write(OfferTaken offer) => JsonSerializer.Serialize(offer, CoreJson.Default.OfferTaken);

    internal static OfferTaken Offer(string json) => JsonSerializer.Deserialize(json, CoreJson.Default.OfferTaken)!;

    /// <summary>Kind and version of a stored event, e.g. <c>attempt-planned.1</c>.</summary>
    internal static string KindOf(string eventJson)
    {
        using var document = JsonDocument.Parse(eventJson);
        return document.RootElement.GetProperty("kind").GetString()!;
    }
}
