namespace Orchestrator.Engine.Backups;

/// <summary>A backup cannot be made or restored; nothing was left half. The message says why, the other what to do.</summary>
public sealed class BackupException(string message, string whatToDo, Exception? inner = null) : Exception(message, inner)
{
    public string WhatToDo { get; } = whatToDo;

    /// <summary>It needs a person's word, and is no fault.</summary>
    public bool NeedsForce { get; init; }
}
