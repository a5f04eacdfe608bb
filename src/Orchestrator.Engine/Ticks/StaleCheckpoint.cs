using System.Collections.Immutable;
using System.Globalization;
using Orchestrator.Attempts;
using Orchestrator.Engine.Messages;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Ticks;

/// <summary>What a person is told of a training whose newest checkpoint has become too old.</summary>
public static class StaleCheckpoint
{
    /// <summary>By default a checkpoint may be late twice.</summary>
    private const int Rhythms = 3;

    /// <summary>Less than this is no gap that anybody would get up for; who wants it writes it down.</summary>
    private static readonly TimeSpan _least = TimeSpan.FromMinutes(5);

    /// <param name="state">A job that has not ended.</param>
    /// <param name="checkpoints">Of its spec.</param>
    /// <param name="stored">When each checkpoint of the newest attempt was in the store, oldest first.</param>
    /// <param name="now">The instant.</param>
    /// <returns>Null where all is well, or where nobody knows how often checkpoints come and the spec does not say.</returns>
    public static string? Of(JobState state, CheckpointSpec checkpoints, ImmutableArray<DateTimeOffset> stored, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(checkpoints);
        if (state.Current() is not { Phase: AttemptPhase.Running, TrainingStartedAt: { } started } attempt || Limit(checkpoints, attempt, stored) is not { } limit)
        {
            return null;
        }

        var since = stored.IsEmpty || stored[^1] < started ? started : stored[^1];
        return now - since <= limit ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{state.Name}{state.Id} has stored no checkpoint for more than {MessageWords.For(limit)}: what it trained since {since:HH:mm} UTC would be lost with its host; {(checkpoints.Request is null ? "look" : $"ask for one: orchestrator save {state.Id.Value}, or look")}: orchestrator logs {state.Id.Value}");
    }

    private static TimeSpan? Limit(CheckpointSpec checkpoints, Attempt attempt, ImmutableArray<DateTimeOffset> stored)
    {
        if (checkpoints.MaxAgeAlert is { } asked)
        {
            return asked;
        }

        var rhythm = checkpoints.Every.Interval ?? attempt.Rhythm?.Every ?? Usual(stored);
        return rhythm * Rhythms is not { } limit ? null : limit > _least ? limit : _least;
    }

    /// <summary>The middle one of the gaps that were seen; of two checkpoints nobody can say what is usual.</summary>
    private static TimeSpan? Usual(ImmutableArray<DateTimeOffset> stored) =>
        stored.Length < 3 ? null : stored.Zip(stored.Skip(1), (one, next) => next - one).Order().ElementAt((stored.Length - 1) / 2);
}
