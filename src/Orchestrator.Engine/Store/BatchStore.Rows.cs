using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Batches;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Store;

/// <summary>How batches and their jobs lie in the tables.</summary>
public sealed partial class BatchStore
{
    private static async Task<(BatchRules Rules, ImmutableArray<BatchMember> Members)> ReadAsync(NpgsqlTransaction transaction, long batch, CancellationToken cancellation)
    {
        var rules = (await transaction.FirstAsync<RulesRow>(Rules + " where id = @batch", new { batch }, cancellation))!.ToRules();
        return (rules, [.. (await transaction.ListAsync<MemberRow>(Members, new { id = batch }, cancellation)).Select(member => member.ToMember())]);
    }

    private sealed record BudgetRow
    {
        public string Name { get; init; } = "";

        public long Budget { get; init; }

        public long Ended { get; init; }
    }

    private sealed record RulesRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";

        public int? MaxParallel { get; init; }

        public int Canary { get; init; }

        public bool FailFast { get; init; }

        public long? Budget { get; init; }

        public string Owner { get; init; } = "";

        public DateTimeOffset SubmittedAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public BatchRules ToRules() => new() { Name = Name, MaxParallel = MaxParallel, Canary = Canary, FailFast = FailFast, Budget = Budget is { } micros ? new Money(micros) : null };
    }

    private sealed record MemberRow
    {
        public long Job { get; init; }

        public int Number { get; init; }

        public int Priority { get; init; }

        public string Phase { get; init; } = "";

        public bool Waits { get; init; }

        public bool Began { get; init; }

        public bool Live { get; init; }

        public bool Proven { get; init; }

        /// <summary>Of a live attempt what its price makes of its time.</summary>
        public long Cost { get; init; }

        public long Budget { get; init; }

        public BatchMember ToMember() => new()
        {
            Job = new JobId(Job),
            Number = Number,
            Priority = Priority,
            Phase = Enum.Parse<JobPhase>(Phase),
            Waits = Waits,
            Began = Began,
            Live = Live,
            Proven = Proven,
            Holds = new Money(Live ? Math.Max(Budget, Cost) : Cost),
        };
    }
}
