using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

/// <summary>What a host moved to or from stores one way, and how long anything was under way.</summary>
/// <param name="Bytes">Bytes that arrived.</param>
/// <param name="Time">Without waits for grants, pauses after a refusal, and the reading beforehand.</param>
public sealed record LineUse(long Bytes, TimeSpan Time)
{
    /// <summary>Less is over before a line has come to its speed: nothing is said by it.</summary>
    public const long Least = 16_000_000;

    /// <summary>No line is faster; a host may claim anything.</summary>
    public const double MostMbps = 100_000;

    /// <summary>Megabits per second that were reached; null = too little moved to tell.</summary>
    [JsonIgnore]
    public double? Mbps => Bytes >= Least && Time > TimeSpan.Zero ? Math.Min(MostMbps, Bytes / 125_000d / Time.TotalSeconds) : null;

    public LineUse Since(LineUse before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return new(Bytes - before.Bytes, Time - before.Time);
    }
}
