namespace Orchestrator.Server.Views;

/// <summary>What a person can do about something on its page.</summary>
public enum AttentionAct
{
    /// <summary>Nothing here: it goes by itself once it is mended.</summary>
    None = 0,

    /// <summary>Put it aside: it is information.</summary>
    Dismiss,

    /// <summary>Let the paused job go on.</summary>
    Resume,

    /// <summary>Raise the budget that stopped it, on the page of the job.</summary>
    Raise,

    /// <summary>Look at the job, which has ended badly.</summary>
    Look,
}
