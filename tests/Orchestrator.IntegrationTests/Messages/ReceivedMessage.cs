using System.Text.Json.Nodes;

namespace Orchestrator.IntegrationTests.Messages;

/// <param name="Path">Where it was sent.</param>
/// <param name="Body">What.</param>
/// <param name="Signature">Empty = it had none.</param>
public sealed record ReceivedMessage(string Path, JsonNode Body, string Signature);
