using System.Collections.Immutable;

namespace Orchestrator.Providers;

/// <summary>What a provider's hosts say they run.</summary>
/// <param name="Instances">All instances of ours on the hosts that answered.</param>
/// <param name="Answered">Hosts (<c>ssh/box1</c>) the list speaks for; null = it speaks for everything the provider has. An instance of
/// any other host is Unknown, never Absent.</param>
public sealed record InstanceList(IReadOnlyList<ListedInstance> Instances, ImmutableHashSet<string>? Answered = null)
{
    /// <summary>False: some hosts did not answer.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Hosts that answer and are still left out, with what a person must mend.</summary>
    public ImmutableSortedDictionary<string, string> Withheld { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What others run on the account, where the provider tells.</summary>
    public ImmutableArray<ForeignInstance> Foreign { get; init; } = [];

    public bool SpeaksFor(string? host) => Answered is null || (host is not null && Answered.Contains(host));
}
