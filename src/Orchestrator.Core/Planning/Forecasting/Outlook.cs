namespace Orchestrator.Planning.Forecasting;

/// <summary>What an estimate is made of, in hours and dollars; small, since tens of thousands are made per plan.</summary>
internal struct Outlook
{
    public double PricePerHour;
    public double DiskPerHour;

    /// <summary>Work on these cards.</summary>
    public double Work;

    public Speed Speed;

    /// <summary>From the order until training begins.</summary>
    public double Start;

    public double Boot;
    public double DownMbps;
    public double UpMbps;

    /// <summary>Hours it has run already; 0 = it would be rented.</summary>
    public double Age;

    /// <summary>By how much interruptions are commoner here than the prior says.</summary>
    public double RateFactor;

    /// <summary>Interruptions per operational hour.</summary>
    public double Rate;

    /// <summary>How many interruptions stand behind the rate.</summary>
    public double RateShape;

    public double MeanBetween;
    public double BootSuccess;

    /// <summary>Null for a job without checkpoints.</summary>
    public Rhythm? Rhythm;

    /// <summary>The trainer stands still.</summary>
    public double Delta;

    public double Upload;

    /// <summary>From an interruption until training goes on.</summary>
    public double Recover;

    /// <summary>The instance that would be rented, until it is interrupted or done.</summary>
    public Leg First;

    /// <summary>Dollars per hour of work if others like it follow.</summary>
    public PartCosts PerWork;

    /// <summary>Expected number, if others like it follow.</summary>
    public double Interruptions;

    /// <summary>From the order until it is done, if others like it follow.</summary>
    public double Hours;

    /// <summary>Those of them that are spent on launches that come to nothing.</summary>
    public double VainHours;

    public Money Compute;
    public Money LostWork;
    public Money Disk;
    public Money Moves;
    public Money StoreEgress;
    public Money NeverBoots;

    public readonly Money Total => Compute + LostWork + Disk + Moves + StoreEgress + NeverBoots;
}
