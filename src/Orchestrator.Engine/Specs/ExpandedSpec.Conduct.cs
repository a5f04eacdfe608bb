using System.Globalization;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>The second half of the reference: what is kept, spent and done when things go wrong.</summary>
internal sealed partial class ExpandedSpec
{
    private void Conduct(JobSpec spec)
    {
        Checkpoints(spec);
        for (var index = 0; index < spec.Outputs.Length; index++)
        {
            var (output, at) = (spec.Outputs[index], SpecPlaces.Item("outputs", index));
            Add(at + ".from", output.From);
            Add(at + ".to", output.To ?? "default store");
            Add(at + ".when", output.When);
            Add(at + ".every", output.Every, "at the end");
        }

        Add("progress.format", spec.Progress.Format);
        Add("progress.file", spec.Progress.File ?? "the command's output");
        Add("progress.pattern", spec.Progress.Pattern);
        Add("progress.total", spec.Progress.Total, "found in the lines");
        List("progress.metrics", spec.Progress.Metrics);
        Add("progress.stop-when", spec.Progress.StopWhen);
        if (spec.Providers.IsEmpty)
        {
            Add("providers", "all configured");
        }
        else
        {
            List("providers", spec.Providers.Select(choice => (choice.Excluded ? "!" : "") + choice.Name));
        }

        Add("prefer", spec.Prefer);
        Reliability(spec.Reliability);
        Add("budget.max-total", spec.Budget.MaxTotal, "none");
        Add("budget.max-hourly", spec.Budget.MaxHourly, "none");
        List("budget.alerts", spec.Budget.Alerts.Select(Share));
        Add("budget.on-exhausted", spec.Budget.OnExhausted);
        Deadline("deadline", spec.Deadline);
        Schedule(spec.Schedule);
        Add("timeouts.boot", spec.Timeouts.Boot, "auto");
        Add("timeouts.setup", spec.Timeouts.Setup);
        Add("timeouts.stage", spec.Timeouts.Stage, "auto");
        Add("timeouts.stall", spec.Timeouts.Stall);
        Add("max-runtime", spec.MaxRuntime, "none");
        Add("on-failure.restarts", spec.OnFailure.Restarts);
        List("on-failure.restart-on", spec.OnFailure.RestartOn.Select(code => code.ToString(CultureInfo.InvariantCulture)));
        Add("on-failure.keep-host", (object)spec.OnFailure.KeepHost, "on-failure.keep-host.for");
        if (spec.OnFailure.KeepHost > TimeSpan.Zero)
        {
            Add("on-failure.keep-host.max-cost", spec.OnFailure.KeepHostCost, "what the budget has left");
        }

        List("on-failure.log-rules", spec.OnFailure.LogRules.Select(rule => $"{rule.Match} -> {Word(rule.Then)}"));
        Add("notify", spec.Notify is null ? "server default" : $"[{string.Join(", ", spec.Notify.To)}] on [{string.Join(", ", spec.Notify.On)}]");
        Add("priority", spec.Priority);
        Strategy(spec);
        List("needs", spec.Needs);
        Add("nodes", spec.Nodes);
    }

    private void Checkpoints(JobSpec spec)
    {
        if (spec.Checkpoints is not { } checkpoints)
        {
            Add("checkpoints", "none");
            return;
        }

        Add("checkpoints.path", checkpoints.Path);
        Add("checkpoints.format", checkpoints.Format);
        List("checkpoints.include", checkpoints.Include);
        List("checkpoints.exclude", checkpoints.Exclude);
        switch (checkpoints.Complete.Kind)
        {
            case CompletionKind.Settle:
                Add("checkpoints.complete.settle", checkpoints.Complete.Settle);
                break;
            case CompletionKind.Rename:
                Add("checkpoints.complete.rename", true);
                break;
            case CompletionKind.Marker:
                Add("checkpoints.complete.marker", checkpoints.Complete.Marker);
                break;
        }

        Add("checkpoints.resume-args", checkpoints.ResumeArgs);
        var request = checkpoints.Request;
        Add(request is null ? "checkpoints.request" : request.Signal is null ? "checkpoints.request.file" : "checkpoints.request.signal", request?.Signal ?? request?.File);
        Add("checkpoints.every", checkpoints.Every.Interval is { } interval ? SpecValues.Format(interval) : Word(checkpoints.Every.Kind));
        Add("checkpoints.on-drain.signal", checkpoints.OnDrain.Signal);
        Add("checkpoints.on-drain.grace", checkpoints.OnDrain.Grace, "what fits the notice");
        Add("checkpoints.keep", checkpoints.Keep);
        Add("checkpoints.after-success", checkpoints.AfterSuccess);
        Add("checkpoints.to", checkpoints.To ?? "default store");
        Add("checkpoints.start-from", checkpoints.StartFrom);
        Add("checkpoints.max-age-alert", checkpoints.MaxAgeAlert, "3 x the rhythm");
    }

    private void Reliability(ReliabilityPolicy policy)
    {
        Add("reliability.capacity", policy.Capacity);
        Add("reliability.tier", policy.Tier, "by run length");
        Add("reliability.min-score", policy.MinScore is { } score ? Share(score) : "by run length");
        Add("reliability.verified", policy.Verified);
        Add("reliability.min-seen", policy.MinSeen);
        List("reliability.regions", policy.Regions);
        List("reliability.exclude-hosts", policy.ExcludeHosts);
        Add("reliability.on-demand-after", policy.OnDemandAfter);
        Add("reliability.give-up-after", policy.GiveUpAfter, "never");
        Add("reliability.host-lease", policy.HostLease);
    }

    private void Deadline(string path, DeadlineSpec? deadline)
    {
        Add(path, deadline is null ? "none" : $"{Instant(deadline.At)} ({deadline.Zone})", path + ".at");
        if (deadline is not null)
        {
            Add(path + ".on-miss", deadline.OnMiss);
        }
    }

    private void Schedule(ScheduleSpec? schedule)
    {
        Add("schedule.at", schedule?.At is { } at ? $"{Instant(at)} ({schedule.Zone})" : "now");
        if (schedule is not null)
        {
            Add("schedule.cron", schedule.Cron is null ? "none" : $"{schedule.Cron} ({schedule.Zone})");
            Add("schedule.start-window", schedule.StartWindow?.ToString() ?? "any hour");
            Add("schedule.run-window", schedule.RunWindow?.ToString() ?? "any hour");
            Add("schedule.start-below", schedule.StartBelow, "none");
        }
    }

    private void Strategy(JobSpec spec)
    {
        if (spec.Strategy is { } strategy)
        {
            foreach (var axis in strategy.Matrix)
            {
                List("strategy.matrix." + axis.Name, axis.Values);
            }

            Add("strategy.include", $"{strategy.Include.Length} combinations");
            Add("strategy.exclude", $"{strategy.Exclude.Length} combinations");
            Add("strategy.max-parallel", strategy.MaxParallel, "all");
            Add("strategy.canary", strategy.Canary);
            Add("strategy.fail-fast", strategy.FailFast);
        }

        if (spec.Batch is { } batch)
        {
            Add("batch.name", batch.Name);
            Add("batch.budget", batch.Budget, "none");
            Deadline("batch.deadline", batch.Deadline);
            Add("batch.reuse-hosts", batch.ReuseHosts);
        }
    }

    private static string Instant(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
