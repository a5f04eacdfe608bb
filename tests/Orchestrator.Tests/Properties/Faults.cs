using Orchestrator.Determinism;

namespace Orchestrator.Tests.Properties;

/// <summary>What goes wrong in one world. Each kind is off in about half of the worlds, so that kinds also meet alone.</summary>
public sealed class Faults
{
    public Faults(SeededRandom random)
    {
        double Some(double most) => random.Chance(0.5) ? 0 : random.NextDouble() * most;
        TimeSpan Upto(double seconds) => TimeSpan.FromSeconds(random.Chance(0.3) ? 0 : random.NextDouble() * seconds);

        RefuseLaunch = Some(0.5);
        LoseReply = Some(0.6);
        LieAboutRefusal = Some(0.1);
        Duplicate = Some(0.15);
        NeverBoot = Some(0.4);
        CallFails = Some(0.3);
        CrashAfterCommit = Some(0.2);
        SleepAfterCommit = Some(0.1);
        SleepBeforeSend = Some(0.05);
        HostLost = Some(0.02);
        HostHangs = Some(0.01);
        TrainerLost = Some(0.01);
        NetworkCut = Some(0.02);
        LongCut = random.Chance(0.3);
        Damage = Some(0.2);
        CheckFails = Some(0.2);
        Flicker = Some(0.1);
        Stalls = Some(0.01);
        Hostile = Some(0.05);
        TrainerFails = random.Chance(0.8) ? 0 : 0.003;
        OffersMissing = Some(0.4);
        Person = Some(0.01);
        SecretGone = Some(0.3);
        HostRefuses = Some(0.05);
        Repeats = Some(0.2);
        Away = Some(0.01);
        ListLag = Upto(50);
        Linger = Upto(50);
        CreateTime = Upto(55);
        RentalEnds = Some(0.3);
        RentalMoves = Some(0.01);
        PriceRises = Some(0.01);
        HostLeaves = Some(0.01);
        StoreUnmounted = Some(0.3);
        BadMemory = Some(0.2);
        DestroyIgnored = Some(0.3);
        HostOffline = Some(0.01);
        CalmAfter = TimeSpan.FromMinutes(20 + random.Next(100));
    }

    public double RefuseLaunch { get; }
    public double LoseReply { get; }
    public double LieAboutRefusal { get; }
    public double Duplicate { get; }
    public double NeverBoot { get; }
    public double CallFails { get; }
    public double CrashAfterCommit { get; }
    public double SleepAfterCommit { get; }
    public double SleepBeforeSend { get; }

    /// <summary>Chances per step.</summary>
    public double HostLost { get; }
    public double HostHangs { get; }
    public double TrainerLost { get; }
    /// <summary>The host is told to go down and the trainer ends in good order.</summary>
    public double HostLeaves { get; }

    /// <summary>Chance per scan: the store is there and holds nothing; once per world, since a person who resumes says that it is gone for good.</summary>
    public double StoreUnmounted { get; }

    public double NetworkCut { get; }
    public bool LongCut { get; }
    public double Damage { get; }
    /// <summary>Chance per host that it finds every checkpoint damaged that it is given.</summary>
    public double BadMemory { get; }

    /// <summary>Chance per destroy that it is accepted and nothing comes of it, nor of those in the next minutes.</summary>
    public double DestroyIgnored { get; }

    /// <summary>Chance per step and instance that its host loses its line for a while, once; its provider bills nothing then.</summary>
    public double HostOffline { get; }

    public double CheckFails { get; }
    public double Flicker { get; }
    public double Stalls { get; }
    public double Hostile { get; }
    public double TrainerFails { get; }
    public double OffersMissing { get; }
    public double Person { get; }

    public double SecretGone { get; }

    /// <summary>Per step, while an agent is awaited: its machine cannot make the container. As often the machine's fault as the image's, or the registry denies it the image.</summary>
    public double HostRefuses { get; }

    /// <summary>Commands and results of effects that arrive a second time.</summary>
    public double Repeats { get; }

    /// <summary>All of our servers are away, for minutes or hours, while hosts and providers go on.</summary>
    public double Away { get; }

    /// <summary>Chance that what is offered ends by itself within the hour.</summary>
    public double RentalEnds { get; }

    /// <summary>Chance per step and instance: its owner changes when the rental ends.</summary>
    public double RentalMoves { get; }
    public double PriceRises { get; }

    /// <summary>Always shorter than the policy's settling window: the provider keeps its word.</summary>
    public TimeSpan ListLag { get; }
    public TimeSpan Linger { get; }

    /// <summary>Always shorter than the create time-out.</summary>
    public TimeSpan CreateTime { get; }

    /// <summary>From then on nothing goes wrong any more, so that every job can end.</summary>
    public TimeSpan CalmAfter { get; }
}
