namespace Orchestrator.Jobs;

/// <summary>A range of sizes; both ends belong to it, a missing end is open.</summary>
public sealed record SizeRange(ByteSize? Min, ByteSize? Max)
{
    public bool Contains(ByteSize size) => (Min is null || size >= Min.Value) && (Max is null || size <= Max.Value);

    public override string ToString() => $"{Min}..{Max}";
}
