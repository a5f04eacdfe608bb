using System.Collections.Immutable;

namespace Orchestrator.Server.Cli.Panicking;

/// <summary>How it ended.</summary>
/// <param name="Destroyed">Of which their provider says that they are gone.</param>
/// <param name="Left">Still listed, or listed by nobody any more.</param>
/// <param name="Failed">Accounts that did not show at the end, or not long enough, what runs there.</param>
internal sealed record PanicReport(ImmutableArray<string> Destroyed, ImmutableArray<string> Left, ImmutableSortedDictionary<string, string> Failed)
{
    /// <summary>Listed at the end, of an installation that nobody was asked about at that account.</summary>
    public ImmutableArray<string> NotShown { get; init; } = [];

    public bool IsClean => Left.IsEmpty && Failed.IsEmpty && NotShown.IsEmpty;
}
