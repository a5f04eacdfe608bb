using System.Globalization;
using Orchestrator.Checkpoints;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>Finds the checkpoint that a job begins from. Throws <see cref="StartRefusedException"/> where there is none.</summary>
public sealed class StartPoints(JobStore jobs, JobQueries queries)
{
    private const string Scheme = "job://";

    /// <summary>What <c>checkpoints.start-from</c> names: <c>job://name</c> or <c>job://name@step</c>.</summary>
    internal async Task<StartPoint> NamedAsync(string from, CancellationToken cancellation)
    {
        var parts = from[Scheme.Length..].Split('@');
        var found = await jobs.ResolveAsync(parts[0], cancellation);
        if (found is not [var job] || await queries.ShowAsync(job, cancellation) is not { } detail)
        {
            throw found.IsEmpty
                ? new StartRefusedException($"{from}: there is no job \"{parts[0]}\"", "orchestrator jobs --all lists them")
                : new StartRefusedException($"{from}: {found.Length} live jobs have this name", $"name one by its number: {Scheme}{found[^1].Value}");
        }

        var usable = detail.State.Checkpoints;
        if (parts.Length == 1)
        {
            return detail.State.NewestCheckpoint is { } newest ? Point(detail, newest) : throw new StartRefusedException(
                $"{from}: that job has no verified checkpoint", "name another job, or leave checkpoints.start-from out to begin at the start");
        }

        return usable.LastOrDefault(one => one.Step?.ToString(CultureInfo.InvariantCulture) == parts[1]) is { } at ? Point(detail, at) : throw new StartRefusedException(
            $"{from}: that job has no verified checkpoint of step {parts[1]}; there are: {Steps(usable)}", $"orchestrator checkpoints {parts[0]} shows them all");
    }

    /// <summary>What a retry of the job begins from: its newest checkpoint, or the one of that number. Null = from the start.</summary>
    internal static StartPoint? OfRetry(JobDetail detail, int? number)
    {
        if (number is null)
        {
            return detail.State.NewestCheckpoint is { } newest ? Point(detail, newest) : null;
        }

        if (number == 0)
        {
            return null;
        }

        var all = detail.Checkpoints;
        var show = $"orchestrator checkpoints {detail.State.Name}#{detail.State.Id.Value} shows them";
        if (number < 0 || number > all.Length)
        {
            throw new StartRefusedException(
                string.Create(CultureInfo.InvariantCulture, $"job {detail.State.Name} has no checkpoint {number}; {(all.IsEmpty ? "it has none" : $"they are numbered 1 to {all.Length}")}"), $"{show}; 0 begins at the start");
        }

        var wanted = all[number.Value - 1];
        if (detail.State.Checkpoints.FirstOrDefault(one => one.ManifestKey == wanted.ManifestKey) is { } usable)
        {
            return Point(detail, usable);
        }

        var why = wanted.Status switch
        {
            "retired" or "deleted" => $"was removed by retention (checkpoints.keep: {detail.State.Terms.Keep})",
            "rejected" => "is damaged",
            _ => "was never verified",
        };
        var left = all.Select((one, at) => (one.ManifestKey, Number: at + 1)).Where(one => detail.State.Checkpoints.Any(kept => kept.ManifestKey == one.ManifestKey)).Select(one => one.Number.ToString(CultureInfo.InvariantCulture)).ToList();
        throw new StartRefusedException(
            string.Create(CultureInfo.InvariantCulture, $"checkpoint {number} of job {detail.State.Name} {why}; {(left.Count == 0 ? "none is left" : $"usable: {string.Join(", ", left)}")}"), $"{show}; 0 begins at the start");
    }

    private static StartPoint Point(JobDetail detail, CheckpointRef checkpoint)
    {
        var step = checkpoint.Step is { } known ? string.Create(CultureInfo.InvariantCulture, $", step {known:N0}") : "";
        return new(
            detail.State, StoredSpec.Parse(detail.SpecJson), checkpoint with { TrainedBefore = detail.State.TrainedUpTo(checkpoint, detail.Now) }, $"{detail.State.Name} #{detail.State.Id.Value}, {checkpoint.Entry}{step}");
    }

    private static string Steps(IEnumerable<CheckpointRef> usable)
    {
        var steps = usable.Select(one => one.Step).OfType<long>().Distinct().Order().Select(step => step.ToString(CultureInfo.InvariantCulture)).ToList();
        return steps.Count == 0 ? "none with a step" : string.Join(", ", steps);
    }
}
