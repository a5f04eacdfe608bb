using System.Collections.Immutable;

namespace Orchestrator.Server.Cli;

/// <summary>Ends a verb with one line for a person and an exit code.</summary>
public sealed class CliException(int exitCode, string message, string whatToDo = "", ImmutableArray<string>? lines = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string WhatToDo { get; } = whatToDo;

    /// <summary>Printed instead of the message where given: a spec's problems.</summary>
    public ImmutableArray<string> Lines { get; } = lines ?? [];
}
