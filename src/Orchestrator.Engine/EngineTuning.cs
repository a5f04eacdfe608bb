using System.Globalization;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine;

/// <summary>
/// Shorter (or longer) times for drills and tests, from <c>ORCHESTRATOR_TUNING="lease=8,settling=2"</c>: seconds by name.
/// Nobody else needs it; the defaults are the product's.
/// </summary>
public static class EngineTuning
{
    /// <exception cref="FormatException">An unknown name or not a number of seconds.</exception>
    public static EngineOptions Apply(EngineOptions options, string? tuning)
    {
        foreach (var pair in (tuning ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, text) = pair.Split('=') is [var left, var right] ? (left, right) : throw new FormatException($"tuning \"{pair}\": write NAME=SECONDS");
            var time = TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));
            options = Set(options, name, time);
        }

        return options;
    }

    private static EngineOptions Set(EngineOptions options, string name, TimeSpan time)
    {
        var policies = options.Policies;
        return name switch
        {
            "lease" => options with { Lease = time },
            "lease-margin" => options with { LeaseMargin = time },
            "effect-timeout" => options with { EffectTimeout = time },
            "observe" => options with { ObserveEvery = time },
            "listing-age" => options with { ListingAge = time },
            "attend" => options with { AttendEvery = time },
            "network-silence" => options with { NetworkSilence = time },
            "loopback-is-elsewhere" => options with { LoopbackIsElsewhere = time > TimeSpan.Zero },
            "sweep" => options with { SweepEvery = time },
            "owed" => options with { OwedTooLong = time },
            "price" => options with { PriceEvery = time },
            "messages" => options with { MessagesEvery = time },
            "away" => options with { AwayTooLong = time },
            "charges" => options with { ChargesEvery = time },
            "charges-still" => options with { ChargesStill = time },
            "rhythm" => options with { ShortestRhythm = time },
            "pull-stall" => options with { PullStall = time },
            "history-age" => options with { HistoryAge = time },
            "channel-lease" => options with { ChannelLease = time },
            "channel-silence" => options with { ChannelSilence = time },
            "create-timeout" => options with { Policies = Timings(policies, own => own with { CreateTimeout = time }) with { CreateTimeout = time } },
            "settling" => options with { Policies = Timings(policies, own => own with { Settling = time }) with { Settling = time } },
            "boot" => options with { Policies = Timings(policies, own => own with { Boot = time }) with { Boot = time } },
            "connect" => options with { Policies = Timings(policies, own => own with { Connect = time }) with { Connect = time } },
            "check" => options with { Policies = policies with { Check = time } },
            "silence" => options with { Policies = policies with { Silence = time } },
            "loss-max-wait" => options with { Policies = policies with { LossMaxWait = time } },
            "rental-flush" => options with { Policies = policies with { RentalFlush = time } },
            "backoff" => options with { Policies = policies with { BackoffMin = time } },
            "denied-wait" => options with { Policies = policies with { DeniedWait = time } },
            "provider-wait" => options with { Policies = policies with { ProviderWait = time } },
            "rate-holds" => options with { Policies = policies with { RateHolds = time } },
            "effect-retry" => options with { Policies = policies with { EffectRetry = time } },
            "destroy-retry" => options with { Policies = policies with { DestroyRetry = time } },
            "offer-retry" => options with { Policies = policies with { OfferRetry = time } },
            _ => throw new FormatException($"tuning \"{name}\" is unknown"),
        };
    }

    private static Policies Timings(Policies policies, Func<ProviderTimings, ProviderTimings> change) =>
        policies with { Providers = policies.Providers.ToImmutable(pair => change(pair)) };

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, ProviderTimings> ToImmutable(
        this System.Collections.Immutable.ImmutableSortedDictionary<string, ProviderTimings> timings, Func<ProviderTimings, ProviderTimings> change)
    {
        var changed = timings.ToBuilder();
        foreach (var (name, own) in timings)
        {
            changed[name] = change(own);
        }

        return changed.ToImmutable();
    }
}
