using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <summary>A host that held a job's data.</summary>
/// <param name="Attempt">The attempt that it was for.</param>
/// <param name="Provider">Who rents it out; local and ssh are machines of one's own.</param>
/// <param name="Host">The machine, as offers name it; null = the provider does not tell machines apart.</param>
/// <param name="Instance">The provider's id.</param>
/// <param name="Country">Country or region as the provider tells it; null = it does not, or it is a machine of one's own.</param>
/// <param name="Own">A machine of one's own.</param>
/// <param name="From">When it was told to fetch the data.</param>
/// <param name="Until">When it was wiped, else destroyed or gone; null = it holds the data still.</param>
/// <param name="Wiped">True = its agent has deleted the data and said so, false = it could not; null = nobody has heard.</param>
/// <param name="Known">How that is known, oldest first.</param>
public sealed record DataHost(
    int Attempt, string Provider, string? Host, string Instance, string? Country, bool Own, DateTimeOffset From, DateTimeOffset? Until, bool? Wiped, ImmutableArray<DataWord> Known);
