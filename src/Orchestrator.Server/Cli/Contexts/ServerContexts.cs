using System.Collections.Immutable;

namespace Orchestrator.Server.Cli.Contexts;

/// <summary>The servers that a person has signed in to, by name.</summary>
/// <param name="Current">The one that commands go to where nothing else is said; null = this machine's own.</param>
/// <param name="Contexts">All of them.</param>
internal sealed record ServerContexts(string? Current, ImmutableSortedDictionary<string, ServerContext> Contexts)
{
    /// <summary>Stands for this machine's own server, which nobody signs in to.</summary>
    internal const string Local = "local";

    internal static readonly ServerContexts None = new(null, ImmutableSortedDictionary.Create<string, ServerContext>(StringComparer.Ordinal));

    /// <summary>The one of that name; throws for a person where there is none.</summary>
    internal ServerContext Named(string name) => Contexts.GetValueOrDefault(name)
        ?? throw new CliException(ExitCodes.Usage, $"there is no context \"{name}\"", Contexts.IsEmpty ? "orchestrator login URL makes one" : $"these are: {string.Join(", ", Contexts.Keys)}");

    /// <summary>One whose server is at that address, whatever path was given; null = none is.</summary>
    internal ServerContext? At(Uri url) => Contexts.Values.FirstOrDefault(one => Uri.Compare(new Uri(one.Url), url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0);
}
