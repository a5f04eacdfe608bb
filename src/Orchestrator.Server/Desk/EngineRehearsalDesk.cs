using Orchestrator.Attempts;
using Orchestrator.Engine.Installations;
using Orchestrator.Engine.Rehearsals;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Rehearsals;
using Orchestrator.Server.Api;
using Orchestrator.Server.Composition;

namespace Orchestrator.Server.Desk;

/// <summary>Hands rehearsals to the engine and says what it has seen of them.</summary>
public sealed class EngineRehearsalDesk(JobService service, JobStore jobs, RehearsalStore rows, Installation installation, ServeOptions options) : IRehearsalDesk
{
    public async Task<SubmitReply> BeginAsync(RehearseRequest request, string by, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        HandedSpecs.RequireRenting(installation);
        var result = await service.RehearseAsync(request.Spec.For(by, options), Money.FromDollars(request.Max), cancellation);
        var lines = HandedSpecs.Lines(result.Problems, request.Spec.FileName);
        return result.Job is { } job
            ? new SubmitReply(new(job.Value, result.Name), [.. lines.Select(problem => problem.Text), .. RentingNotes.Of(options.Configuration, request.Spec.Read(await jobs.NowAsync(cancellation), options).Spec)])
            : throw new DeskException(Refusal.BadRequest, "the spec cannot be rehearsed", $"mend it; `orchestrator validate {request.Spec.FileName}` checks it without a server", lines);
    }

    public async Task<RehearsalDetails> FindAsync(long job, CancellationToken cancellation)
    {
        var id = new JobId(job);
        if (await rows.FindAsync(id, cancellation) is not { } row)
        {
            throw new DeskException(Refusal.NotFound, $"job {id} is no rehearsal", "orchestrator rehearse FILE begins one");
        }

        var now = await jobs.NowAsync(cancellation);
        var snapshot = await jobs.LoadAsync(id, cancellation);
        var (state, record) = (snapshot.State, row.Record);
        var killed = record.Kill is { } kill ? state.Attempts.FirstOrDefault(attempt => attempt.Number == kill.Attempt) : null;
        var resumed = record.End is { } end ? state.Attempts.FirstOrDefault(attempt => attempt.Number == end.Resumed)
            : RehearsalCourse.Resumed(record, state) is { TrainingStartedAt: not null } going ? going : null;
        var figures = row.Figures ?? await FiguresAsync(row, snapshot, cancellation);
        return new()
        {
            Title = row.Title,
            Job = new(job, state.Name),
            Of = row.Name,
            Outcome = record.End is { } over ? Words.Of(over.Outcome) : null,
            Words = record.End?.Words ?? "",
            WhatToDo = record.End?.WhatToDo ?? "",
            Ended = row.EndedAt is not null,
            Cost = state.SpentAt(now).Dollars,
            Budget = state.Terms.MaxTotal?.Dollars,
            Killed = killed is null ? null : new(killed.Number, JobViews.Where(killed.Offer), record.Kill!.Step),
            Resumed = resumed is null ? null : new(resumed.Number, JobViews.Where(resumed.Offer), resumed.RestoreFrom?.Step),
            SamePlace = killed is not null && resumed is not null && IsSame(killed.Offer, resumed.Offer),
            LossBefore = record.End?.Loss?.Before,
            LossAfter = record.End?.Loss?.After,
            LossAllowed = record.End?.Loss?.Allowed,
            Measured = figures is null ? null : Measures(figures),
            EstimateStored = row.EndedAt is not null && record.End is { Outcome: RehearsalOutcome.WeekendReady } && figures?.Work is not null,
        };
    }

    public async Task<RehearsalStamp> StampAsync(Api.SubmitRequest spec, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var read = spec.Read(await jobs.NowAsync(cancellation), options);
        return read.Spec is { } job && !read.HasErrors
            ? await OfAsync(rows, job, cancellation)
            : throw new DeskException(Refusal.BadRequest, "the spec has errors", $"mend it; `orchestrator validate {spec.FileName}` names them");
    }

    internal static async Task<RehearsalStamp> OfAsync(RehearsalStore rows, JobSpec spec, CancellationToken cancellation) =>
        await rows.NewestReadyAsync(spec.Name, cancellation) is { } ready
            ? new(ready.Title, ready.EndedAt, SpecStamp.Changed(ready.Stamp, SpecStamp.Of(spec)))
            : new(null, null, []);

    private async Task<RehearsalFigures?> FiguresAsync(RehearsalRow row, JobSnapshot snapshot, CancellationToken cancellation) =>
        row.EndedAt is null && row.Record.Kill is { } kill
            ? RehearsalFigures.Of(row.Record, snapshot.State, await rows.ReadyAtAsync(row.Job, kill.Attempt, cancellation), StoredSpec.Parse(snapshot.SpecJson).Spec.Progress.Total)
            : null;

    private static RehearsalMeasures Measures(RehearsalFigures figures) => new()
    {
        On = figures.Gpu is null ? null : figures.GpuCount > 1 ? $"{figures.GpuCount} x {figures.Gpu}" : figures.Gpu,
        BootSeconds = figures.Boot?.TotalSeconds,
        StageSeconds = figures.Stage?.TotalSeconds,
        SecondsPerStep = figures.SecondsPerStep,
        SecondsPerStepError = figures.SecondsPerStepError,
        CheckpointBytes = figures.Checkpoint?.Bytes,
        SavesEverySteps = figures.SavesEverySteps,
        SavesEverySeconds = figures.SavesEvery?.TotalSeconds,
        UploadSeconds = figures.Upload?.TotalSeconds,
        TotalSteps = figures.TotalSteps,
        WorkSeconds = figures.Work?.TotalSeconds,
    };

    private static bool IsSame(OfferTaken one, OfferTaken other) =>
        one.Provider == other.Provider && (one.Host is not null && other.Host is not null ? one.Host == other.Host : one.OfferId == other.OfferId);
}
