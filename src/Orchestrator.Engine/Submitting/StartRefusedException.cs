namespace Orchestrator.Engine.Submitting;

/// <summary>A job cannot be retried, or cannot begin from where it was told to.</summary>
public sealed class StartRefusedException(string message, string whatToDo) : Exception(message)
{
    /// <summary>One line for a person.</summary>
    public string WhatToDo { get; } = whatToDo;
}
