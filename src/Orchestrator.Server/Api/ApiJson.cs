using System.Text.Json;

namespace Orchestrator.Server.Api;

/// <summary>How the API and <c>--json</c> write: camel case, nulls written, so that a script finds every field.</summary>
public static class ApiJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>For people who read <c>--json</c> and for files.</summary>
    public static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
