using System.Collections.Immutable;

namespace Orchestrator.Jobs;

/// <summary>What people are told of, in the words of <c>notify.on</c> and <c>channels.NAME.on</c>.</summary>
public static class NotifyTopics
{
    /// <summary>The job trains for the first time.</summary>
    public const string Start = "start";

    /// <summary>It was interrupted and did not train again for a while.</summary>
    public const string Interrupted = "interrupted";

    public const string Finish = "finish";
    public const string Fail = "fail";

    /// <summary>A share of its budget is spent, or all of it.</summary>
    public const string Budget = "budget";

    /// <summary>It waits for a person, or made no progress and was moved.</summary>
    public const string Stuck = "stuck";

    /// <summary>It may miss its deadline.</summary>
    public const string Deadline = "deadline";

    /// <summary>An account's balance does not last; told to channels, and for no single job yet.</summary>
    public const string Balance = "balance";

    /// <summary>The newest checkpoint is older than <c>checkpoints.max-age-alert</c>.</summary>
    public const string CheckpointAge = "checkpoint-age";

    /// <summary>What is no single job's: instances that leak, accounts, stores, the server itself.</summary>
    public const string Attention = "attention";

    /// <summary>What the weekend came to, once a week; of no single job.</summary>
    public const string Report = "report";

    /// <summary>Those that a spec may name.</summary>
    public static ImmutableArray<string> OfJobs { get; } = [Start, Interrupted, Finish, Fail, Budget, Stuck, Deadline, Balance, CheckpointAge];

    /// <summary>Those that a channel may name.</summary>
    public static ImmutableArray<string> OfChannels { get; } = [Start, Interrupted, Finish, Fail, Budget, Stuck, Deadline, Balance, CheckpointAge, Attention, Report];

    /// <summary>What a spec asks for that names channels alone.</summary>
    public static ImmutableArray<string> OfJobsUnasked { get; } = [Finish, Fail, Budget, Stuck];

    /// <summary>What a channel takes that names no topics.</summary>
    public static ImmutableArray<string> OfChannelsUnasked { get; } = [Finish, Fail, Budget, Stuck, Deadline, Balance, CheckpointAge, Attention, Report];
}
