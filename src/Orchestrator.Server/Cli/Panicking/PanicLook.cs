using System.Collections.Immutable;

namespace Orchestrator.Server.Cli.Panicking;

/// <summary>One look at all accounts.</summary>
/// <param name="Found">What carries a label of an orchestrator.</param>
/// <param name="Others">How many instances do not, by account; they are left alone.</param>
/// <param name="Failed">Accounts that did not show what runs there, with their words.</param>
internal sealed record PanicLook(ImmutableArray<PanicFind> Found, ImmutableSortedDictionary<string, int> Others, ImmutableSortedDictionary<string, string> Failed);
