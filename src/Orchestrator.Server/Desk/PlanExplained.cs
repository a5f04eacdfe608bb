using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Offers;
using Orchestrator.Planning;

namespace Orchestrator.Server.Desk;

/// <summary>The offer that <c>--explain</c> names: by its rank in the plan, as the plan shows it, or as configurations name things.</summary>
/// <param name="named">As it was typed; null = none.</param>
/// <param name="choices">Most choices of a plan: a number up to it is a rank.</param>
internal sealed class PlanExplained(string? named, int choices)
{
    private readonly int? _rank = int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank >= 1 && rank <= choices ? rank : null;

    /// <summary>The offer to plan for beside all others; null = none, or one that has a rank.</summary>
    public Offer? Find(ImmutableArray<Offer> offers)
    {
        if (named is null || _rank is not null)
        {
            return null;
        }

        var found = offers.Where(offer => named == $"{offer.Provider} {offer.Id}" || named == Title(offer)).ToList();
        found = found.Count > 0 ? found : [.. offers.Where(offer => named == offer.Id || named == offer.Host)];
        return found switch
        {
            [var one] => one,
            [] => throw new DeskException(Refusal.NotFound, $"no offer is called \"{named}\" now", "name it by its rank in the plan, as PROVIDER OFFER or PROVIDER/OFFER, or by its host"),
            _ => throw new DeskException(Refusal.NotFound, $"{found.Count} offers are called \"{named}\"", $"name one of them: {string.Join(", ", found.Take(5).Select(Title))}{(found.Count > 5 ? ", ..." : "")}"),
        };
    }

    /// <summary>What was found of it.</summary>
    public Choice? In(Plan plan)
    {
        if (named is null)
        {
            return null;
        }

        if (_rank is { } number && number > plan.Choices.Length)
        {
            throw new DeskException(Refusal.NotFound, $"no offer has rank {number}: {plan.Choices.Length switch { 0 => "none would do", 1 => "there is one choice", var all => $"there are {all} choices" }}", "name it by its rank in the plan, as PROVIDER OFFER or PROVIDER/OFFER, or by its host");
        }

        return (_rank is { } at ? plan.Choices[at - 1] : plan.Explained, plan.ExplainedRefused) switch
        {
            (_, { } rejection) => throw new DeskException(Refusal.Policy, $"{Title(rejection.Offer)} is rejected, {rejection.Group}: {rejection.Words}", "orchestrator plan FILE --explain rejected lists more of them"),
            ({ Forecast: not null } choice, _) => choice,
            _ => throw new DeskException(Refusal.Policy, "nobody knows how much work is left, so no cost can be explained", "give the spec an estimate: 6h on RTX 4090"),
        };
    }

    private static string Title(Offer offer) => $"{offer.Provider}/{offer.Id}";
}
