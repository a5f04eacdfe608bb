using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>Small constants that the spec's records share.</summary>
internal static class SpecText
{
    /// <summary>Ordinal order, so that what is printed and hashed does not depend on a culture.</summary>
    public static readonly ImmutableSortedDictionary<string, string> EmptyMap =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
