using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli;

/// <summary>Which offers <c>offers</c> lists: each option as a spec would write it, and all of them must hold.</summary>
internal sealed class OfferFilter
{
    private readonly Option<string[]> _gpu = Several("--gpu", "Only these cards, by any of their names, or none", "CARD");
    private readonly Option<string[]> _provider = Several("--provider", "Only of these, as in a spec: vast, runpod/secure, ssh/lab-1, !vast", "NAME");
    private readonly Option<string[]> _region = Several("--region", $"Only there: DE, !CN, {string.Join(", ", CountryGroups.Names)}", "REGION");
    private readonly Option<string?> _capacity = new("--capacity") { Description = "Only so: on-demand, or spot (the same as interruptible)", HelpName = "KIND" };
    private readonly Option<string?> _maxPrice = new("--max-price") { Description = "Only up to this, for the whole machine", HelpName = "$/h" };

    public IEnumerable<Option> Options => [_gpu, _maxPrice, _region, _provider, _capacity];

    public bool IsGiven(ParseResult parsed) => Options.Any(option => parsed.GetResult(option) is not null);

    /// <exception cref="CliException">An option makes no sense.</exception>
    public ImmutableArray<OfferView> Of(ParseResult parsed, ImmutableArray<OfferView> offers)
    {
        var cards = (parsed.GetValue(_gpu) ?? []).Select(name => name == "none" ? null : GpuTable.Find(name)?.Name ?? name).ToList();
        var (named, not) = Split(parsed.GetValue(_provider));
        var (regions, notThere) = Split([.. (parsed.GetValue(_region) ?? []).Select(Region)]);
        var capacity = Capacity(parsed.GetValue(_capacity));
        var most = Price(parsed.GetValue(_maxPrice));
        return
        [
            .. offers.Where(offer =>
                (cards.Count == 0 || cards.Exists(card => string.Equals(card, offer.Gpu, StringComparison.OrdinalIgnoreCase)))
                && (named.IsEmpty || named.Any(name => Names(name, offer))) && !not.Any(name => Names(name, offer))
                && IsThere(offer, regions, notThere)
                && (capacity is null || offer.Capacity == capacity)
                && (most is null || offer.PricePerHour <= most)),
        ];
    }

    /// <summary>As plans have it: a place nobody knows is in no region, but an own machine is where its owner wants it.</summary>
    private static bool IsThere(OfferView offer, ImmutableArray<string> regions, ImmutableArray<string> not) =>
        (regions.IsEmpty && not.IsEmpty) || (offer.Country is not { } country
            ? offer.Tier == Words.Of(OfferTier.Own)
            : (regions.IsEmpty || regions.Any(region => CountryGroups.Contains(region, country))) && !not.Any(region => CountryGroups.Contains(region, country)));

    private static bool Names(string choice, OfferView offer) => ProviderNames.Names(choice, offer.Provider, offer.Host, offer.Labels.IsDefault ? [] : offer.Labels);

    private static (ImmutableArray<string> Wanted, ImmutableArray<string> Not) Split(string[]? words) =>
        ([.. (words ?? []).Where(word => !word.StartsWith('!'))], [.. (words ?? []).Where(word => word.StartsWith('!')).Select(word => word[1..])]);

    private static string Region(string text)
    {
        var (not, name) = text.StartsWith('!') ? ("!", text[1..]) : ("", text);
        name = CountryGroups.Names.Contains(name.ToLowerInvariant()) ? name.ToLowerInvariant() : name.ToUpperInvariant();
        return CountryGroups.Names.Contains(name) || Countries.IsCode(name)
            ? not + name
            : throw new CliException(ExitCodes.Usage, $"--region {text} is no country and no region", $"two letters of ISO 3166 (GB, not UK), or one of {string.Join(", ", CountryGroups.Names)}");
    }

    private static string? Capacity(string? text) => text switch
    {
        null => null,
        "on-demand" => text,
        "spot" or "interruptible" => "interruptible",
        _ => throw new CliException(ExitCodes.Usage, $"--capacity {text} is no kind of capacity", "on-demand, spot or interruptible"),
    };

    private static decimal? Price(string? text) => text is null ? null
        : SpecValues.TryMoney(text, out var most) ? most.Dollars
        : throw new CliException(ExitCodes.Usage, $"--max-price {text} is no price", "dollars per hour: 0.60");

    private static Option<string[]> Several(string name, string description, string help) => new(name) { Description = description, HelpName = help, AllowMultipleArgumentsPerToken = false };
}
