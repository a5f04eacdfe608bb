using Orchestrator.Reconciling;
using Orchestrator.Spending;

namespace Orchestrator.Engine;

/// <summary>All intervals and limits of the engine, in one place.</summary>
public sealed record EngineOptions
{
    /// <summary>Name of this server process, unique among those that share a database.</summary>
    public required string ServerId { get; init; }

    /// <summary>Npgsql connection string of the application's pool.</summary>
    public required string Connection { get; init; }

    public Policies Policies { get; init; } = new();

    /// <summary>Over all jobs; every server of an installation must be given the same.</summary>
    public ServerLimits Limits { get; init; } = new();

    /// <summary>How long a tick's lease holds; must exceed the longest effect time-out plus <see cref="LeaseMargin"/>.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>An effect is sent only when at least its own time-out plus this much lease remains.</summary>
    public TimeSpan LeaseMargin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time-out of a destroy call and of one agent command row.</summary>
    public TimeSpan EffectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often an active job's world is looked at by the batch observer.</summary>
    public TimeSpan ObserveEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Oldest provider listing and offer list a tick may use; one call an account and interval serves all jobs.</summary>
    public TimeSpan ListingAge { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a server says that it is here; a time three times as long in which none did is one nobody attended.</summary>
    public TimeSpan AttendEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so long without a word of anybody off this machine all are tried, to see whether our own network is away. Stores are asked once a minute.</summary>
    public TimeSpan NetworkSilence { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>For tests: this machine's own addresses stand for other machines. Otherwise what answers there says nothing of the network.</summary>
    public bool LoopbackIsElsewhere { get; init; }

    /// <summary>After so long a person is told that an account does not show what runs there, or that an instance is not destroyed.</summary>
    public TimeSpan OwedTooLong { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Period of the sweep.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a server looks for what people have to be told, and each channel for what it has to carry.</summary>
    public TimeSpan MessagesEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So long an interruption is nobody's business: most jobs are back by then.</summary>
    public TimeSpan AwayTooLong { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How often a server looks for instants of series that have come.</summary>
    public TimeSpan SeriesEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So long nobody else tries a run that a server has begun to submit, or could not.</summary>
    public TimeSpan SeriesLease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Ownership of a channel; renewed at a third of it.</summary>
    public TimeSpan ChannelLease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The agent's executable on this machine, which is put into containers.</summary>
    public string AgentPath { get; init; } = "";

    /// <summary>A pull of an image that does not get on for this long is given up.</summary>
    public TimeSpan PullStall { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Open channels of this server at one time.</summary>
    public int MaxChannels { get; init; } = 200;

    /// <summary>Agents send a heartbeat every two seconds; a channel silent for this long is dialled anew.</summary>
    public TimeSpan ChannelSilence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Hangfire workers for ticks.</summary>
    public int Workers { get; init; } = 6;

    /// <summary>How long tick records, agent events and handled inbox rows are kept after they were last of use.</summary>
    public TimeSpan HistoryAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>An account is asked for its charges no oftener; later looks at an instance are farther apart (<c>ChargeStore</c>).</summary>
    public TimeSpan ChargesEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What is published of an instance that is gone, and has not changed for so long, is settled.</summary>
    public TimeSpan ChargesStill { get; init; } = TimeSpan.FromHours(6);

    /// <summary>After this nobody waits for its charges any more.</summary>
    public TimeSpan ChargesLongest { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How often prices are written down, for <c>market</c>; once for all servers.</summary>
    public TimeSpan PriceEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Checkpoints whose rhythm the plan decides come no oftener.</summary>
    public TimeSpan ShortestRhythm { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long prices are kept by the hour; what is older is kept by the day.</summary>
    public TimeSpan HourlyPrices { get; init; } = TimeSpan.FromDays(35);

    public TimeSpan DailyPrices { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Bytes of one attempt's log that are kept; of a longer one the oldest are dropped.</summary>
    public long MaxLogBytes { get; init; } = 256L << 20;

    /// <summary>Files (PEM) with certificates of private authorities that stores use; agents trust them beside this machine's own.</summary>
    public IReadOnlyList<string> StoreAuthorities { get; init; } = [];
}
