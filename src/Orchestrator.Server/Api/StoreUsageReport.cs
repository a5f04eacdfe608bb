using System.Collections.Immutable;

namespace Orchestrator.Server.Api;

/// <param name="Rows">What is ours.</param>
/// <param name="Notes">What could not be counted, in words.</param>
public sealed record StoreUsageReport(ImmutableArray<StoreUsageRow> Rows, ImmutableArray<string> Notes);
