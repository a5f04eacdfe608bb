namespace Orchestrator.Engine.Artifacts;

/// <summary>How far a copy is; written by who copies, read by who tells.</summary>
public sealed class CopyStanding
{
    private int _files;

    /// <summary>In the new place by now.</summary>
    public int Files => Volatile.Read(ref _files);

    /// <summary>All of them; 0 before the manifest is read.</summary>
    public int Of { get; set; }

    internal void Add() => Interlocked.Increment(ref _files);
}
