namespace Orchestrator.Jobs;

/// <summary>A number of cards; null as upper bound is open.</summary>
public sealed record CountRange(int Min, int? Max)
{
    public static CountRange One { get; } = new(1, 1);

    public bool Contains(int count) => count >= Min && (Max is null || count <= Max);

    public override string ToString() => Max == Min ? $"{Min}" : $"{Min}..{Max}";
}
