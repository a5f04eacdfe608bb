using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;

namespace Orchestrator.Engine.Submitting;

/// <summary>Code and data of a spec, found.</summary>
/// <param name="Local">What this machine has, to be brought into the job's store.</param>
/// <param name="Listed">What stays where it lies.</param>
/// <param name="Commit">Of code from git.</param>
/// <param name="Names">What the folders of this submit are called in messages.</param>
internal sealed record PinnedSources(
    ImmutableArray<SourceWanted> Local, ImmutableArray<ListedSource> Listed, string? Commit, ImmutableArray<(string Folder, string Name)> Names)
{
    /// <summary>A message about a file in the words of whoever submits: our own folders are gone when they are read.</summary>
    internal string Named(string words) => Names.Aggregate(words, (text, one) => text.Replace(one.Folder, one.Name, StringComparison.Ordinal));
}
