namespace Orchestrator.Determinism;

/// <summary>Reproducible randomness (splitmix64), seeded from an identity such as (job, attempt, purpose).</summary>
public sealed class SeededRandom(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15UL;

    private ulong _state = seed;

    public static SeededRandom For(params ReadOnlySpan<string> identity) => new(StableHash.Of(identity));

    /// <summary>The first <see cref="NextDouble"/> of a seed, where no more are needed.</summary>
    public static double First(ulong seed) => Share(Mixed(seed + Step));

    public ulong NextUInt64()
    {
        _state += Step;
        return Mixed(_state);
    }

    /// <summary>In [0, 1).</summary>
    public double NextDouble() => Share(NextUInt64());

    /// <summary>In [0, <paramref name="below"/>).</summary>
    public int Next(int below)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(below);
        return (int)(NextUInt64() % (ulong)below);
    }

    public bool Chance(double probability) => NextDouble() < probability;

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    private static double Share(ulong drawn) => (drawn >> 11) * (1.0 / (1UL << 53));
}
