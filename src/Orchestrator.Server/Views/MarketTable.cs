using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The table of <c>market</c>.</summary>
public static class MarketTable
{
    /// <summary>Differences below this share are noise.</summary>
    private const decimal Noise = 0.03m;

    /// <summary>More are for who names a card.</summary>
    private const int MostHints = 3;

    public static IEnumerable<string> Lines(MarketReply market, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(market);
        foreach (var silent in market.Silent)
        {
            yield return Clean.Line(Tables.Gap(silent), width - 1);
        }

        if (market.Cards.IsEmpty)
        {
            yield return "no such card is offered now; `orchestrator doctor` says which providers answer";
            yield break;
        }

        var table = new TextTable(
            new("CARD", 8), new("RENTED", 9, CanGo: true), new("OFFERS", 6, IsRight: true), new("LOWEST", 6, IsRight: true), new("MEDIAN", 6, IsRight: true),
            new("USUALLY", 7, IsRight: true), new("NOW", 13), new("AT", 4, CanGo: true));
        var hasHours = market.Cards.Any(card => card.IsUsualOfThisHour);
        foreach (var card in market.Cards)
        {
            var change = Change(card);
            table.Add(
                [
                    card.Gpu ?? "no GPU", card.Capacity, Say.Count(card.Offers), Price(card.Lowest), Price(card.Median),
                    card.UsualLowest is { } usual ? Price(usual) + (hasHours && !card.IsUsualOfThisHour ? "*" : "") : "-", Now(card, change), card.Provider,
                ],
                (column, cell) => column != 6 ? cell : change >= Noise ? paint.Warn(cell) : change <= -Noise ? paint.Good(cell) : cell);
        }

        foreach (var line in table.Lines(width, paint))
        {
            yield return line;
        }

        yield return market.Cards.All(card => card.UsualLowest is null)
            ? $"nothing is usual yet: that takes {market.LeastHours} past hours"
            : $"$ per card and hour; usually: {(hasHours ? "lowest at this hour of the week" : "hourly lowest")}, median of {(int)(market.UsualOverHours / 24)} days{(hasHours && market.Cards.Any(IsOfAllHours) ? " (* all hours)" : "")}";
        foreach (var card in market.Cards.Where(IsCheaperLater).OrderBy(card => card.CheapestUsual / card.Lowest).Take(MostHints))
        {
            yield return Clean.Line($"{card.Gpu ?? "no GPU"} {card.Capacity}: usually cheapest {Say.When(card.CheapestAt, now, zone)}, {Price(card.CheapestUsual!.Value)} (schedule.start-below)", width - 1);
        }
    }

    /// <summary>Its lowest price against what is usual: <c>12 % dearer</c>.</summary>
    internal static string Against(MarketCard card) => Now(card, Change(card));

    private static bool IsOfAllHours(MarketCard card) => card is { UsualLowest: not null, IsUsualOfThisHour: false };

    private static bool IsCheaperLater(MarketCard card) => card.CheapestUsual < card.Lowest * (1 - Noise);

    /// <summary>Null = nothing to compare with.</summary>
    private static decimal? Change(MarketCard card) => card.UsualLowest is > 0 and var usual ? (card.Lowest / usual) - 1 : null;

    private static string Now(MarketCard card, decimal? change) => change switch
    {
        null when card.UsualLowest is null => $"{card.HoursSeen} h seen",
        null or (> -Noise and < Noise) => "as usual",
        > 0 => $"{Percent(change.Value)} % dearer",
        _ => $"{Percent(-change.Value)} % cheaper",
    };

    private static string Percent(decimal share) => Math.Round(share * 100, MidpointRounding.AwayFromZero).ToString("0", CultureInfo.InvariantCulture);

    private static string Price(decimal dollars) => dollars.ToString("0.000", CultureInfo.InvariantCulture);
}
