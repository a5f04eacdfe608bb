using System.Text.Json.Serialization;
using Orchestrator.Engine.Submitting;

namespace Orchestrator.Engine.Recurring;

[JsonSerializable(typeof(SubmitRequest))]
internal sealed partial class SubmitRequestJson : JsonSerializerContext;
