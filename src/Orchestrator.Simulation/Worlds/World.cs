using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Determinism;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Planning;
using Orchestrator.Planning.Prices;
using Orchestrator.Reconciling;
using Orchestrator.Simulation.Markets;

namespace Orchestrator.Simulation.Worlds;

/// <summary>
/// One job in one world, decided by the product's own four kernel functions. Time jumps to whatever comes next: an instant the
/// kernel named, or one at which the world does something. All fates are functions of the seed and the place, so that several
/// policies live in the same world whatever they do in it.
/// </summary>
public sealed partial class World
{
    /// <summary>More passes than any job needs: reaching it is a fault of ours.</summary>
    private const int MostTicks = 100_000;

    /// <summary>What was usual before a job began.</summary>
    private const int HoursBefore = 48;

    private static readonly TimeSpan _longest = TimeSpan.FromDays(90);

    /// <summary>Where nothing fits for this long, nothing will.</summary>
    private static readonly TimeSpan _longestWait = TimeSpan.FromHours(24);

    /// <summary>The product's own, but for two that only cost time here: nobody waits for offers every half minute, and images are pulled while booting.</summary>
    private static readonly Policies _policies = new() { OfferRetry = TimeSpan.FromMinutes(10), Boot = TimeSpan.FromMinutes(20) };

    private readonly long _number;
    private readonly ulong _seed;
    private readonly SimulatedJob _job;
    private readonly SimulatedWork _work;
    private readonly Chooser _chooser;
    private readonly IMarket _market;
    private readonly Weather _weather;
    private readonly SimulatedStore _store = new();
    private readonly Learned _learned;
    private readonly List<SimulatedInstance> _instances = [];
    private readonly Dictionary<string, SimulatedAgent> _agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _launches = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Provider, string Id), Choice> _offered = [];
    private readonly List<(DateTimeOffset At, InboxItem Item)> _pending = [];
    private readonly DateTimeOffset _start;
    private JobState _state = new();
    private DateTimeOffset _now;
    private DateTimeOffset? _nothingSince;
    private long _ids;
    private int _ticks;
    private Choice? _first;

    /// <param name="job">The job.</param>
    /// <param name="chooser">Who chooses.</param>
    /// <param name="market">What there is.</param>
    /// <param name="seed">Of all worlds of this run.</param>
    /// <param name="number">Which of them.</param>
    public World(SimulatedJob job, Chooser chooser, IMarket market, long seed, long number)
    {
        _number = number;
        _seed = StableHash.Of("world", seed.ToString(CultureInfo.InvariantCulture), number.ToString(CultureInfo.InvariantCulture));
        _job = job;
        _work = new SimulatedWork(job);
        _chooser = chooser;
        _market = market;
        _weather = new Weather(_seed);
        _start = _now = job.Request.Now;
        _learned = new Learned(chooser.Learns, chooser.Learns && job.Request.Deadline is not null ? UsualBefore(_start) : []);
        // Nobody looks at the progress of a trainer that never stalls: it would be a pass every half hour.
        var terms = job.Terms with { Stall = null };
        Append([new JobSubmitted(new JobId(1), "sim", job.Name, terms) { At = _now, Why = "submitted" }]);
    }

    /// <summary>Only a deadline gives time to wait for it.</summary>
    private ImmutableArray<UsualPrice> UsualBefore(DateTimeOffset start)
    {
        // Markets keep their first answer, which all policies begin with.
        _market.At(start);
        return UsualPrices.Of(Enumerable.Range(1, HoursBefore).Reverse().Select(hours => CardPrices.Of(_market.At(start.AddHours(-hours)))));
    }

    public RunResult Run()
    {
        Tick();
        while (!_state.Phase.IsTerminal() && _state.Phase != JobPhase.Paused && Next() is { } next && next - _start < _longest && !IsHopeless(next))
        {
            if (_ticks >= MostTicks)
            {
                throw new InvalidOperationException($"world {_number} of {_job.Name} does not come to its end: {_state.Phase} ({_state.PhaseReason})");
            }

            _now = next;
            foreach (var agent in _agents.Values)
            {
                agent.Advance(_now);
            }

            Tick();
        }

        return Result();
    }

    private bool IsHopeless(DateTimeOffset next) => _nothingSince is { } since && _state.Phase == JobPhase.Waiting && next - since > _longestWait;

    private void Tick()
    {
        _ticks++;
        var observation = Observe();
        var before = _state.Seq;
        Append(Kernel.Decide(_state, observation, _policies, _now));
        Perform(Kernel.Owed(_state), before);
    }

    private void Append(ImmutableArray<JobEvent> events)
    {
        foreach (var jobEvent in events)
        {
            _state = Kernel.Apply(_state, jobEvent);
            if (jobEvent is AttemptPlanned planned && _first is null)
            {
                _first = _offered.GetValueOrDefault((planned.Offer.Provider, planned.Offer.OfferId));
            }
            else if (jobEvent is AttemptEnded ended)
            {
                _learned.From(_state.Attempts[ended.Attempt - 1], InstanceOf(ended.Attempt), AgentOf(ended.Attempt));
            }
        }
    }

    /// <summary>Null = nothing will ever happen.</summary>
    private DateTimeOffset? Next()
    {
        var next = Kernel.NextDue(_state, _policies, _now);
        foreach (var (at, _) in _pending)
        {
            Take(at);
        }

        foreach (var attempt in _state.Attempts)
        {
            if (attempt.IsLive())
            {
                TakeOf(attempt);
            }
        }

        return next == DateTimeOffset.MaxValue ? null : next;

        void TakeOf(Attempt attempt)
        {
            var healthy = attempt.Phase == AttemptPhase.Running && attempt.TrainingStartedAt is not null;
            if (InstanceOf(attempt.Number) is { DestroyedAt: null } instance)
            {
                Take(instance.RunsFrom);
                Take(instance.HelloAt);
                Take(AgentOf(attempt.Number)?.Next);
                Take(instance.LostAt);
                if (_now >= instance.LostAt)
                {
                    healthy = false;
                    Take(instance.LostAt + _policies.Silence);
                    Take(instance.LostAt + _policies.LossMaxWait);
                }
            }

            if (!healthy)
            {
                Take(_weather.DownUntil(attempt.Offer.Provider, _now));
            }
        }

        void Take(DateTimeOffset? at)
        {
            if (at > _now && at < next)
            {
                next = at.Value;
            }
        }
    }

    private RunResult Result()
    {
        var end = _state.Phase.IsTerminal() || _state.Phase == JobPhase.Paused ? _state.PhaseSince : _now;
        var cost = new CostParts();
        var lost = 0.0;
        foreach (var instance in _instances)
        {
            _agents.TryGetValue(instance.Id, out var agent);
            cost += Bill.Of(instance, agent, _work, _job.Request.StoreEgressPerGB ?? Money.Zero, end);
            lost += agent is null ? 0 : Math.Max(0, agent.Reached - Math.Max(agent.Durable, agent.Began)) / instance.Fate.Speed;
        }

        return new RunResult
        {
            World = _number,
            Phase = _state.Phase,
            Why = _state.PhaseReason,
            Cost = cost,
            Time = end - _start,
            Attempts = _state.Attempts.Length,
            Interruptions = _state.Interruptions,
            LostWork = TimeSpan.FromSeconds(Math.Round(lost)),
            Missed = _state.Terms.Deadline is { } deadline && (_state.Phase != JobPhase.Succeeded || DoneAt() > deadline),
            FirstOffer = _first?.Offer,
            Promised = _first?.Forecast,
            Ticks = _ticks,
        };
    }

    /// <summary>What counts is when the work was stored; destroying the instance comes after.</summary>
    private DateTimeOffset DoneAt() => _state.Attempts is [.., { TrainingEndedAt: { } ended }] ? ended : _now;

    private SimulatedInstance? InstanceOf(int attempt)
    {
        for (var i = _instances.Count - 1; i >= 0; i--)
        {
            if (_instances[i].Attempt == attempt)
            {
                return _instances[i];
            }
        }

        return null;
    }

    private SimulatedAgent? AgentOf(int attempt) => InstanceOf(attempt) is { } instance ? _agents.GetValueOrDefault(instance.Id) : null;
}
