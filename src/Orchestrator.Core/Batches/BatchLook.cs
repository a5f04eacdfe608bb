using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Batches;

/// <summary>What one tick of a job sees of its batch.</summary>
public static class BatchLook
{
    /// <param name="rules">The batch's.</param>
    /// <param name="members">All of its jobs.</param>
    /// <param name="job">Whose tick it is.</param>
    /// <param name="offered">Hosts that jobs of the batch give up now.</param>
    public static BatchView Of(BatchRules rules, ImmutableArray<BatchMember> members, JobId job, ImmutableArray<Offer> offered)
    {
        ArgumentNullException.ThrowIfNull(rules);
        var view = new BatchView
        {
            Hold = BatchLine.HoldOf(rules, members, job),
            Most = BatchLine.MostOf(rules, members, job),
            Budget = rules.Budget,
            OthersHold = members.Any(member => member.Job != job && member.Live),
            MaxParallel = rules.MaxParallel,
            FailFast = rules.FailFast,
            HasHeir = BatchLine.HasHeir(rules, members, job),
        };
        var fitting = offered.IsEmpty ? [] : Fitting(members, job, offered);
        if (view.Hold is not { } held)
        {
            return view with { Warm = fitting };
        }

        foreach (var offer in fitting)
        {
            // The place of whoever gives it is the heir's, and what that one holds beyond what it has spent is free.
            var line = BatchLine.Without(members, offer.Warm!.Job);
            if (BatchLine.HoldOf(rules, line, job) is null)
            {
                return view with { Hold = null, OnlyWarm = held, Warm = [offer], Most = BatchLine.MostOf(rules, line, job) };
            }
        }

        return view;
    }

    private static ImmutableArray<Offer> Fitting(ImmutableArray<BatchMember> members, JobId job, ImmutableArray<Offer> offered) =>
        members.FirstOrDefault(member => member.Job == job) is { HostKey: { } key, Live: false }
            ? offered.RemoveAll(offer => offer.Warm is not { Job: var giver } || giver == job || members.FirstOrDefault(member => member.Job == giver)?.HostKey != key)
            : [];
}
