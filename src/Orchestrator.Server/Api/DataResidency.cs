using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>Which hosts held a job's data.</summary>
/// <param name="Id">The job's number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Sensitive">As its spec says.</param>
/// <param name="Data">What was sent: code and data of its spec, without what a URL may hold in secret.</param>
/// <param name="Store">Where its checkpoints and outputs lie; null = in the folder that every installation has.</param>
/// <param name="Hosts">Oldest first.</param>
/// <param name="Others">Hosts that were rented and never got so far as to be sent anything.</param>
public sealed record DataResidency(long Id, string Name, bool Sensitive, ImmutableArray<string> Data, string? Store, ImmutableArray<DataHost> Hosts, int Others);
