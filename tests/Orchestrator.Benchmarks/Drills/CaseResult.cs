using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Drills;

/// <summary>What one case showed: one JSON line.</summary>
public sealed record CaseResult
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required string Case { get; init; }

    public required int Seed { get; init; }

    /// <summary>What was done to it, with the instants and counts the seed chose.</summary>
    public required string Fault { get; init; }

    /// <summary>How the job ended.</summary>
    public string Job { get; init; } = "";

    public int Attempts { get; init; }

    /// <summary>Instances that the operating system ever showed.</summary>
    public int Instances { get; init; }

    /// <summary>Newest step that was durable when training was interrupted for the last time; null = it was not.</summary>
    public int? DurableStep { get; init; }

    public int? ResumedAtStep { get; init; }

    /// <summary>Checkpoints seen whole in the store.</summary>
    public int Checkpoints { get; init; }

    public int Duplicates { get; init; }

    public int Leaks { get; init; }

    public int LostCheckpoints { get; init; }

    public double Seconds { get; init; }

    /// <summary>What is not as it should be, in words.</summary>
    public IReadOnlyList<string>? Wrong { get; init; }

    [JsonIgnore]
    public bool IsGood => Wrong is null;

    /// <summary>Something went wrong that the drill's last line counts.</summary>
    [JsonIgnore]
    public bool IsCounted => Duplicates + Leaks + LostCheckpoints > 0;

    public string ToLine() => JsonSerializer.Serialize(this, Options);
}
