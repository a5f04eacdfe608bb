namespace Orchestrator.Engine.Artifacts.Git;

/// <summary>A repository that cannot be had, with what a person can do about it.</summary>
public sealed class GitException(string message, string whatToDo, Exception? inner = null) : Exception(message, inner)
{
    public string WhatToDo { get; } = whatToDo;
}
