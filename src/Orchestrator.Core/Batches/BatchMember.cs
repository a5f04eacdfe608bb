using Orchestrator.Jobs;

namespace Orchestrator.Batches;

/// <summary>A job as its batch sees it.</summary>
public sealed record BatchMember
{
    public required JobId Job { get; init; }

    /// <summary>Its number within the batch, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>-100 to 100, higher first.</summary>
    public int Priority { get; init; }

    public required JobPhase Phase { get; init; }

    /// <summary>It had an attempt.</summary>
    public bool Began { get; init; }

    /// <summary>It has an attempt that has not ended: an instance may exist.</summary>
    public bool Live { get; init; }

    /// <summary>It has reported progress and, where it makes any, stored a checkpoint.</summary>
    public bool Proven { get; init; }

    /// <summary>Another one has taken its place: that it failed says nothing any more.</summary>
    public bool Retried { get; init; }

    /// <summary>It has failed, though it has not ended: its host is kept for a person to look.</summary>
    public bool HasFailed { get; init; }

    /// <summary>It would begin if the batch let it.</summary>
    public bool Waits { get; init; }

    /// <summary>What it holds of the shared budget: all that it may spend while it is live, else what it has spent; <see cref="Unmetered"/> beside it.</summary>
    public Money Holds { get; init; }

    /// <summary>What its providers have charged beyond our own meter: part of what it holds, though no budget that it is held to counts it.</summary>
    public Money Unmetered { get; init; }

    /// <summary>What it has spent by our own meter.</summary>
    public Money Spent { get; init; }

    /// <summary>Same image, data and demands: a host of one job serves another one of that key. Null = it neither gives a host nor takes one.</summary>
    public string? HostKey { get; init; }

    /// <summary>It may have a host to give.</summary>
    public bool IsPassing { get; init; }

    public bool HasEnded => Phase.IsTerminal();

    /// <summary>It has a slot: what was interrupted keeps its own while it looks for the next host.</summary>
    public bool HasSlot => Live || Phase == JobPhase.Recovering;

    /// <summary>Shown what a canary is to show.</summary>
    public bool IsProven => Proven || Phase == JobPhase.Succeeded;
}
