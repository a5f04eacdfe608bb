using System.Collections.Immutable;
using Orchestrator.Providers.Http;

namespace Orchestrator.Providers.Renting;

/// <summary>How an API is asked whose key it is.</summary>
/// <param name="Call">Changes nothing.</param>
/// <param name="Marks">What of the answer belongs to that account alone and stays: its id. Of two keys whose answers share a mark, the
/// account is one. Empty = the API does not say. Throws <see cref="ProviderException"/> for an answer that is a failure.</param>
public sealed record AccountQuestion(ApiCall Call, Func<ApiAnswer, ImmutableArray<string>> Marks);
