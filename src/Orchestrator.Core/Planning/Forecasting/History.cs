using Orchestrator.Offers;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// The market memory, summed up for one plan at three levels: provider and capacity type, kind of card there, host. Each level
/// starts from the one above and is moved by its own observations (partial pooling); it tells the one above a discounted share of
/// them (<see cref="Evidence.Tell"/>), and the wider a level is, the more it takes to move it (<see cref="Priors.LifeStrength"/>,
/// <see cref="Priors.KindStrength"/>, <see cref="Priors.ProviderStrength"/>). So a bad night of a host costs the host much, its kind
/// little and its provider hardly anything.
/// </summary>
internal sealed class History
{
    private readonly Dictionary<(string Provider, CapacityType Capacity), Evidence> _providers = [];
    private readonly Dictionary<(string Provider, CapacityType Capacity, string Gpu), Evidence> _kinds = [];
    private readonly Dictionary<(string Host, CapacityType Capacity), Evidence> _hosts = [];
    private readonly List<Evidence> _all = [];
    private readonly Dictionary<string, Evidence> _machines = [];
    private readonly Dictionary<(string Gpu, int Count, string Against, int AgainstCount), LogMean> _speeds = [];
    private readonly Dictionary<(string Provider, string Gpu), double> _scores = [];

    public History(MarketMemory memory, DateTimeOffset now)
    {
        foreach (var life in memory.Lives)
        {
            var weight = Weight(life.At, now);
            var expected = (life.Rate ?? PriorRate(life.Place)) * Hazard.Operational(life.Lived.TotalHours);
            var host = Host(life.Place);
            host.Interruptions += life.Interrupted ? weight : 0;
            host.Expected += weight * expected;
        }

        foreach (var boot in memory.Boots)
        {
            var weight = Weight(boot.At, now);
            var host = Host(boot.Place);
            host.Launches += weight;
            host.Boots += boot.Took is null ? 0 : weight;
            host.BootHours.Add(boot.Took?.TotalHours ?? 0, weight);
        }

        foreach (var host in _all)
        {
            host.Tell(Priors.LifeStrength, Priors.BootStrength, Priors.MeanStrength);
        }

        foreach (var kind in _kinds.Values)
        {
            kind.Tell(Priors.KindStrength, Priors.WideBootStrength, Priors.WideMeanStrength);
        }

        foreach (var transfer in memory.Transfers)
        {
            var weight = Weight(transfer.At, now);
            if (Machine(transfer.Place) is { } machine)
            {
                machine.Down.Add(transfer.DownMbps ?? 0, weight);
                machine.Up.Add(transfer.UpMbps ?? 0, weight);
            }
        }

        foreach (var speed in memory.Speeds)
        {
            Add(speed, Weight(speed.At, now));
        }

        foreach (var score in memory.UsualScores)
        {
            if (score.PerCard > 0 && double.IsFinite(score.PerCard))
            {
                _scores[(score.Provider, score.Gpu)] = score.PerCard;
            }
        }
    }

    public bool IsEmpty => _providers.Count == 0 && _machines.Count == 0;

    /// <summary>What is known of an offer's place, the widest level first.</summary>
    public Seen Of(Offer offer) => IsEmpty
        ? default
        : new Seen(
            _providers.GetValueOrDefault((offer.Provider, offer.Capacity)),
            _kinds.GetValueOrDefault((offer.Provider, offer.Capacity, offer.Gpu ?? "")),
            offer.Host is { } host ? _hosts.GetValueOrDefault((host, offer.Capacity)) : null,
            offer.Host is { } machine ? _machines.GetValueOrDefault(machine) : null);

    /// <summary>Speed of a set of cards against another, as measured; null = never measured.</summary>
    public LogMean? Speed(string gpu, int count, string against, int againstCount) => _speeds.GetValueOrDefault((gpu, count, against, againstCount));

    /// <summary>What one card of this kind usually scores at this provider.</summary>
    public double? UsualScore(string provider, string gpu) => _scores.TryGetValue((provider, gpu), out var score) ? score : null;

    /// <summary>The prior of a place of which only the tier is known.</summary>
    private static double PriorRate(Place place)
    {
        var prior = Priors.Of(place.Tier);
        return Hazard.RateOfScore(prior.Score) + (place.Capacity == CapacityType.Interruptible ? prior.ReclaimsPerHour : 0);
    }

    private void Add(SpeedSeen speed, double weight)
    {
        if (speed.Place.Gpu is not { } gpu)
        {
            return;
        }

        if (gpu == speed.AgainstGpu && speed.GpuCount == speed.AgainstCount)
        {
            Machine(speed.Place)?.Speed.Add(speed.Ratio, weight);
            return;
        }

        var key = (gpu, speed.GpuCount, speed.AgainstGpu, speed.AgainstCount);
        if (!_speeds.TryGetValue(key, out var mean))
        {
            _speeds[key] = mean = new LogMean();
        }

        mean.Add(speed.Ratio, weight);
    }

    /// <summary>A host that nobody names is one of its own each time.</summary>
    private Evidence Host(Place place)
    {
        var kind = (place.Provider, place.Capacity, place.Gpu ?? "");
        if (place.Host is { } name && _hosts.TryGetValue((name, place.Capacity), out var known))
        {
            return known;
        }

        var host = new Evidence(_kinds.TryGetValue(kind, out var of) ? of : _kinds[kind] = new Evidence(Get(_providers, (place.Provider, place.Capacity))));
        _all.Add(host);
        if (place.Host is not null)
        {
            _hosts[(place.Host, place.Capacity)] = host;
        }

        return host;
    }

    /// <summary>Lines and cards are the same, however the host was rented.</summary>
    private Evidence? Machine(Place place) => place.Host is { } host ? Get(_machines, host) : null;

    private static Evidence Get<TKey>(Dictionary<TKey, Evidence> levels, TKey key)
        where TKey : notnull
    {
        if (!levels.TryGetValue(key, out var evidence))
        {
            levels[key] = evidence = new Evidence();
        }

        return evidence;
    }

    /// <summary>What an observation of that age counts for.</summary>
    public static double Weight(DateTimeOffset at, DateTimeOffset now) =>
        Math.Pow(0.5, Math.Max(0, (now - at).TotalDays) / Priors.HalfLifeDays);
}
