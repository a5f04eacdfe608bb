namespace Orchestrator.Determinism;

/// <summary>Reproducible randomness (splitmix64), seeded from an identity such as (job, attempt, purpose).</summary>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public static SeededRandom For(params ReadOnlySpan<string> identity) => new(StableHash.Of(identity));

    public ulong NextUInt64()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>In [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>In [0, <paramref name="below"/>).</summary>
    public int Next(int below)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(below);
        return (int)(NextUInt64() % (ulong)below);
    }

    public bool Chance(double probability) => NextDouble() < probability;
}
