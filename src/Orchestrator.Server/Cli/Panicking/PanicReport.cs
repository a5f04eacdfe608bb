using System.Collections.Immutable;

namespace Orchestrator.Server.Cli.Panicking;

/// <summary>How it ended.</summary>
/// <param name="Destroyed">Of which their provider says that they are gone.</param>
/// <param name="Left">Still listed, or listed by nobody any more.</param>
/// <param name="Failed">Accounts that did not show what runs there at the end.</param>
internal sealed record PanicReport(ImmutableArray<string> Destroyed, ImmutableArray<string> Left, ImmutableSortedDictionary<string, string> Failed)
{
    public bool IsClean => Left.IsEmpty && Failed.IsEmpty;
}
