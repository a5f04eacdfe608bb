namespace Orchestrator.Agent.Checkpoints;

/// <summary>When a copy of a checkpoint is stored instead of the checkpoint: only for a trainer that writes over its files before they are sent.</summary>
internal sealed class CopyRule
{
    private const int Few = 2;

    private int _overwritten;

    /// <summary>Once the trainer is gone nobody writes over anything, and copying would take of the time that is left to send it.</summary>
    public bool WantsCopy(bool trainerIsLive) => trainerIsLive && _overwritten >= Few;

    /// <summary>Only one whose original is written over by now has needed its copy.</summary>
    public void Stored(EntrySnapshot entry, bool asCopy) => _overwritten = asCopy && entry.IsWrittenOver() ? _overwritten : 0;

    /// <summary>It changed before it was stored. What got one file more, or cannot be read, is no better as a copy.</summary>
    public void Discarded(EntrySnapshot entry) => _overwritten += entry.IsWrittenOver() ? 1 : 0;
}
