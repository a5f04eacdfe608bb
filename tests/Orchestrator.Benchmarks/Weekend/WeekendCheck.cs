using System.Text.Json;

namespace Orchestrator.Drills.Weekend;

/// <summary>One thing that must hold of the whole weekend: one JSON line.</summary>
/// <param name="Check">What.</param>
/// <param name="Wrong">What is not as it should be; empty = it holds.</param>
internal sealed record WeekendCheck(string Check, IReadOnlyList<string> Wrong)
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool IsGood => Wrong.Count == 0;

    public string ToLine() => JsonSerializer.Serialize(this, _options);
}
