using System.Collections.Immutable;

namespace Orchestrator.Engine.Artifacts;

/// <summary>Local code or data that a job takes along.</summary>
/// <param name="Folder">Absolute path of a folder, or of one file.</param>
/// <param name="To">Where it goes on the host, absolute as in the spec.</param>
/// <param name="Include">Patterns as in .gitignore; empty = everything.</param>
/// <param name="Exclude">Likewise; wins over <paramref name="Include"/>.</param>
/// <param name="RespectGitignore">Leave out what .gitignore files in it (and above it, up to the repository's root) name.</param>
public sealed record SourceWanted(string Folder, string To, ImmutableArray<string> Include, ImmutableArray<string> Exclude, bool RespectGitignore);
