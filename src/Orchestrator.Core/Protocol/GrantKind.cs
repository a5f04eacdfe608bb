using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>What a grant allows. Multipart uploads are begun, completed and aborted by the server at the agent's request, since no store signs those with a body.</summary>
[JsonConverter(typeof(WordConverter<GrantKind>))]
public enum GrantKind
{
    Get = 0,
    Put,
    /// <summary>Answer carries an upload id.</summary>
    BeginMultipart,
    PutPart,
    /// <summary>The server completes with the parts it lists in the store.</summary>
    CompleteMultipart,
    AbortMultipart,
    /// <summary>A PUT of any size to a checkpoint's spare slot or manifest, to be kept for when the server is away. Since 1.2.</summary>
    PutAhead,
}
