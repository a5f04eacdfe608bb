using System.Collections.Immutable;
using Npgsql;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Planning;
using Orchestrator.Planning.Measuring;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Store;

/// <summary>How long work takes, as it was measured. Read when a plan is made, written when a job succeeds: no tick in between touches it.</summary>
public sealed class WorkStore(NpgsqlDataSource source)
{
    private const string Rehearsal = "rehearsal";

    /// <summary>Of each kind; more would not move the middle one.</summary>
    private const int Most = 9;

    private const string Paces =
        """
        select attempt, paced_steps as steps, paced_seconds as seconds, pace_step as step, pace_total as total
        from orchestrator.channels where job_id = @job and paced_steps > 0 order by attempt
        """;

    /// <summary>What is known of a job's work beside its spec.</summary>
    public async Task<WorkKnown> OfJobAsync(JobId job, JobSpec spec, CancellationToken cancellation) =>
        new([.. await source.ListAsync<PaceSeen>(Paces, new { job = job.Value }, cancellation)], await EarlierAsync(spec, cancellation));

    /// <summary>What is known of a spec's work before there is a job.</summary>
    public async Task<WorkKnown> OfSpecAsync(JobSpec spec, CancellationToken cancellation) => new([], await EarlierAsync(spec, cancellation));

    /// <summary>A rehearsal's figures; they count for every later plan of the same work.</summary>
    public async Task AddRehearsalAsync(JobSpec spec, WorkMeasured measured, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(measured);
        await source.ExecuteAsync(Insert, Row.Of(WorkKey.Of(spec), Rehearsal, null, measured), cancellation);
    }

    /// <summary>Writes down what a job that has succeeded took, in the transaction that ends it.</summary>
    internal static async Task WriteAsync(NpgsqlTransaction transaction, JobState ended, DateTimeOffset at, CancellationToken cancellation)
    {
        // Nothing can be read from a spec that is not there, and no measurement may keep a job from its end.
        if (await transaction.FirstAsync<string>("select spec::text from orchestrator.jobs where id = @job and spec -> 'spec' is not null", new { job = ended.Id.Value }, cancellation) is not { } json)
        {
            return;
        }

        var spec = StoredSpec.Parse(json).Spec;
        var paces = await transaction.ListAsync<PaceSeen>(Paces, new { job = ended.Id.Value }, cancellation);
        if (WorkMeasured.Of(ended, [.. paces], spec.Progress.Total, at) is { } measured)
        {
            await transaction.ExecuteAsync(Insert, Row.Of(WorkKey.Of(spec), "job", ended.Id.Value, measured), cancellation);
        }
    }

    private const string Insert =
        """
        insert into orchestrator.work_measured
            (work_key, source, name, job_id, at, gpu, gpu_count, work_seconds, seconds_per_step, total_steps, checkpoint_bytes, boot_seconds, stage_seconds)
        values (@Key, @Source, @Name, @Job, @At, @Gpu, @GpuCount, @Work, @SecondsPerStep, @TotalSteps, @Checkpoint, @Boot, @Stage)
        on conflict (job_id) do nothing
        """;

    private async Task<ImmutableArray<WorkMeasured>> EarlierAsync(JobSpec spec, CancellationToken cancellation)
    {
        var rows = await source.ListAsync<Row>(
            """
            select source, name, at, gpu, gpu_count as gpucount, work_seconds as work, seconds_per_step as secondsperstep, total_steps as totalsteps,
                   checkpoint_bytes as checkpoint, boot_seconds as boot, stage_seconds as stage
            from (select *, row_number() over (partition by source order by at desc, id desc) as rank from orchestrator.work_measured where work_key = @key) newest
            where rank <= @Most order by at desc, id desc
            """,
            new { key = WorkKey.Of(spec), Most },
            cancellation);
        return [.. rows.Select(row => row.Measured())];
    }

    private sealed record Row
    {
        public string Key { get; init; } = "";

        public string Source { get; init; } = "";

        public string Name { get; init; } = "";

        public long? Job { get; init; }

        public DateTimeOffset At { get; init; }

        public string? Gpu { get; init; }

        public int GpuCount { get; init; }

        public double Work { get; init; }

        public double? SecondsPerStep { get; init; }

        public long? TotalSteps { get; init; }

        public long? Checkpoint { get; init; }

        public double? Boot { get; init; }

        public double? Stage { get; init; }

        internal static Row Of(string key, string source, long? job, WorkMeasured measured) => new()
        {
            Key = key,
            Source = source,
            Name = Sql.Clean(measured.Name, 200),
            Job = job,
            At = measured.At,
            Gpu = measured.Gpu,
            GpuCount = measured.GpuCount,
            Work = measured.Work.TotalSeconds,
            SecondsPerStep = measured.SecondsPerStep,
            TotalSteps = measured.TotalSteps,
            Checkpoint = measured.Checkpoint?.Bytes,
            Boot = measured.Boot?.TotalSeconds,
            Stage = measured.Stage?.TotalSeconds,
        };

        internal WorkMeasured Measured() => new()
        {
            Source = Source == Rehearsal ? WorkSource.Rehearsal : WorkSource.ImageHistory,
            Name = Name,
            At = At,
            Gpu = Gpu,
            GpuCount = GpuCount,
            Work = TimeSpan.FromSeconds(Work),
            SecondsPerStep = SecondsPerStep,
            TotalSteps = TotalSteps,
            Checkpoint = Checkpoint is { } bytes ? new ByteSize(bytes) : null,
            Boot = Span(Boot),
            Stage = Span(Stage),
        };

        private static TimeSpan? Span(double? seconds) => seconds is { } known ? TimeSpan.FromSeconds(known) : null;
    }
}
