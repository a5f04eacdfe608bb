using Orchestrator.Determinism;

namespace Orchestrator.Simulation.Worlds;

/// <summary>What befalls whole providers: hours in which the API does not answer, nights on which launches fail.</summary>
internal sealed class Weather(ulong seed)
{
    /// <summary>Share of the days on which a provider's API goes away for a while.</summary>
    private const double BadDays = 0.08;

    /// <summary>When the API answers again; null = it does.</summary>
    public DateTimeOffset? DownUntil(string provider, DateTimeOffset now)
    {
        var place = StableHash.Of("api", provider);
        var today = now.UtcTicks / TimeSpan.TicksPerDay;
        return Outage(place, today, now) ?? Outage(place, today - 1, now);
    }

    public bool IsBadNight(DateTimeOffset now) => now.UtcDateTime.Hour < 8 && Draws.Share(seed, 13, (ulong)(now.UtcTicks / TimeSpan.TicksPerDay)) < WorldTruths.BadNights;

    private DateTimeOffset? Outage(ulong place, long day, DateTimeOffset now)
    {
        if (Draws.Share(seed, place, (ulong)day) >= BadDays)
        {
            return null;
        }

        var random = Draws.At(seed, place, (ulong)day);
        _ = random.NextDouble(); // whether it is a bad day
        var from = new DateTimeOffset((day * TimeSpan.TicksPerDay) + (long)(random.NextDouble() * TimeSpan.TicksPerDay), TimeSpan.Zero);
        var until = from + TimeSpan.FromMinutes(Math.Round(Math.Min(600, random.LogNormal(12, 1))));
        return now >= from && now < until ? until : null;
    }
}
