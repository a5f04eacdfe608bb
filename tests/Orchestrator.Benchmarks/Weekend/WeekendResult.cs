using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Drills.Weekend;

/// <summary>What one job showed: one JSON line, and a row of the table. Amounts are dollars.</summary>
public sealed record WeekendResult
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required string Job { get; init; }

    public required string Policy { get; init; }

    public string State { get; init; } = "";

    /// <summary>Which it rented from.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    public int Attempts { get; init; }

    public int Interruptions { get; init; }

    /// <summary>What befell it.</summary>
    public string? Befell { get; init; }

    /// <summary>Lost work, and hosts that never booted.</summary>
    public decimal Wasted { get; init; }

    /// <summary>By our own meter, frozen.</summary>
    public decimal Ledger { get; init; }

    /// <summary>By the emulators, over the same instances.</summary>
    public decimal Bill { get; init; }

    /// <summary>Sum of absolute differences after reconciliation, over instances whose provider publishes charges.</summary>
    public decimal Apart { get; init; }

    public double Seconds { get; init; }

    /// <summary>What is not as it should be, in words.</summary>
    public IReadOnlyList<string>? Wrong { get; init; }

    [JsonIgnore]
    public bool IsGood => Wrong is null;

    public string ToLine() => JsonSerializer.Serialize(this, _options);
}
