using System.Collections.Immutable;

namespace Orchestrator.Offers;

/// <summary>The providers a spec can mean. One that is known need not be configured here.</summary>
public static class ProviderNames
{
    public static ImmutableArray<string> Known { get; } = ["lambda", "local", "runpod", OwnMachines.Provider, "vast"];

    /// <param name="choice">As a spec names it: a provider, or something of it (<c>runpod/secure</c>).</param>
    public static bool IsKnown(string choice) => Known.Contains(choice.Split('/')[0]);

    /// <summary>Whether a spec's word means the offer: its provider, its host, or a label that it carries.</summary>
    public static bool Names(string choice, Offer offer)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return Names(choice, offer.Provider, offer.Host, offer.Labels);
    }

    public static bool Names(string choice, string provider, string? host, ImmutableArray<string> labels) =>
        choice == provider || choice == host || NamesLabel(choice, provider, labels);

    internal static bool NamesLabel(string choice, string provider, ImmutableArray<string> labels)
    {
        foreach (var label in labels)
        {
            if (choice.Length == provider.Length + 1 + label.Length && choice.StartsWith(provider, StringComparison.Ordinal)
                && choice[provider.Length] == '/' && choice.EndsWith(label, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
