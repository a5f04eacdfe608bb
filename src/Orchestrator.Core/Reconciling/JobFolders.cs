using System.Collections.Immutable;
using Orchestrator.Checkpoints;

namespace Orchestrator.Reconciling;

/// <summary>Where a job's objects lie: below one prefix for each epoch it has lived in.</summary>
public static class JobFolders
{
    /// <summary>Where its attempts of this epoch write.</summary>
    public static string Current(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return ObjectKeys.Job(state.Epoch, state.Id, state.Name);
    }

    /// <summary>Where a checkpoint of another job is copied to, before the first attempt.</summary>
    public const int Copied = 0;

    /// <summary>All of them, the present epoch's first. Not the common parent: another installation may have a job of this name and number there.</summary>
    public static ImmutableArray<string> All(JobState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return
        [
            .. state.Attempts.Reverse().Select(attempt => attempt.Epoch).Prepend(state.Epoch).Distinct(StringComparer.Ordinal)
                .Select(epoch => ObjectKeys.Job(epoch, state.Id, state.Name)).Concat(WithCopies(state)).Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>All that is copied for it, see <see cref="Copied"/>.</summary>
    public static string OfCopy(JobState state, StartCopy copy)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(copy);
        return ObjectKeys.Attempt(ObjectKeys.Job(copy.Epoch, state.Id, state.Name), Copied);
    }

    /// <summary>What is copied for the job lies in the epoch in which it was submitted, in which it may never have had an attempt.</summary>
    private static IEnumerable<string> WithCopies(JobState state)
    {
        var folder = ObjectKeys.Attempt("", Copied);
        return state.Checkpoints.Concat(state.Retired.Select(retired => retired.Checkpoint)).Where(one => one.Attempt == Copied)
            .Select(one => one.ManifestKey[..one.ManifestKey.IndexOf("/" + folder, StringComparison.Ordinal)] + "/")
            .Concat(state.Start is { } copy ? [ObjectKeys.Job(copy.Epoch, state.Id, state.Name)] : []);
    }

    /// <summary>All that one attempt may write. For a number that has no attempt yet, the present epoch's.</summary>
    public static string OfAttempt(JobState state, int number)
    {
        ArgumentNullException.ThrowIfNull(state);
        var epoch = number >= 1 && number <= state.Attempts.Length ? state.Attempts[number - 1].Epoch : state.Epoch;
        return ObjectKeys.Attempt(ObjectKeys.Job(epoch, state.Id, state.Name), number);
    }
}
