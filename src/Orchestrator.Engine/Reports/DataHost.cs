using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Reports;

/// <summary>A host that held a job's data: from when it was told to fetch it.</summary>
public sealed record DataHost
{
    public required int Attempt { get; init; }

    public required string Provider { get; init; }

    public string? Host { get; init; }

    public required string Instance { get; init; }

    /// <summary>As the provider tells it, a word of its own; null = it does not, or the attempt is of a release that did not keep it.</summary>
    public string? Country { get; init; }

    /// <summary>A machine of one's own.</summary>
    public bool IsOwn { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>When it was wiped, else when it was destroyed or gone; null = it holds the data still, as far as anybody knows.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True = its agent has deleted the data and said so, false = it could not; null = nobody has heard.</summary>
    public bool? Wiped { get; init; }

    /// <summary>How that is known, oldest first.</summary>
    public ImmutableArray<DataWord> Known { get; init; } = [];

    /// <summary>Those of a job, oldest first; a host that never got so far as to be sent anything held nothing.</summary>
    /// <param name="state">The job.</param>
    /// <param name="history">All its events.</param>
    public static ImmutableArray<DataHost> Of(JobState state, ImmutableArray<JobEvent> history)
    {
        ArgumentNullException.ThrowIfNull(state);
        return [.. state.Attempts.Select(attempt => Of(attempt, history)).OfType<DataHost>()];
    }

    private static DataHost? Of(Attempt attempt, ImmutableArray<JobEvent> history)
    {
        var number = attempt.Number;
        var staged = history.OfType<PhaseEntered>().FirstOrDefault(entered => entered.Attempt == number && entered.Phase == AttemptPhase.Staging);
        // What another job had there is this one's as well.
        var taken = history.OfType<HostTaken>().FirstOrDefault(one => one.Attempt == number);
        if ((taken?.At ?? staged?.At) is not { } from)
        {
            return null;
        }

        var passed = history.OfType<HostPassed>().FirstOrDefault(one => one.Attempt == number);

        var cleaned = history.OfType<AttemptCleaned>().LastOrDefault(one => one.Attempt == number);
        // A destroy that a later list refuted is on the books no more.
        var destroyed = attempt.DestroyAcceptedAt is null ? null : history.OfType<DestroyAccepted>().LastOrDefault(one => one.Attempt == number);
        var ended = history.OfType<AttemptEnded>().LastOrDefault(one => one.Attempt == number);
        DataWord?[] words =
        [
            taken is null ? null : new(taken.At, $"its pinned data was there: {taken.Why}"), staged is null ? null : new(staged.At, $"data was sent there: {staged.Why}"),
            passed is null ? null : new(passed.At, $"all else was deleted there, and pinned data stayed for job {passed.To.Job}, whose report says what became of it: {passed.Why}"),
            cleaned is null ? null : new(cleaned.At, $"its agent: {cleaned.Why}"),
            destroyed is null ? null : new(destroyed.At, destroyed.Why), ended is null ? null : new(ended.At, ended.Why),
        ];
        return new()
        {
            Attempt = number,
            Provider = attempt.Offer.Provider,
            Host = attempt.Offer.Host,
            Instance = attempt.InstanceId ?? attempt.Label,
            Country = attempt.Offer.Country,
            IsOwn = attempt.Offer.Provider is "local" || OwnMachines.Has(attempt.Offer.Host),
            From = from,
            Until = cleaned is { Wiped: true } ? cleaned.At : destroyed?.At ?? ended?.At,
            Wiped = passed is null ? attempt.Wiped : null,
            Known = [.. words.OfType<DataWord>()],
        };
    }
}
