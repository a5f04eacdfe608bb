using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>A job's deadline in words: when it is, and what there is to spare.</summary>
internal static class DeadlineWords
{
    public static string Of(JobSummary job, DateTimeOffset deadline, DateTimeOffset now, TimeZoneInfo zone)
    {
        var due = Say.When(deadline, now, zone);
        if (Words.IsEnded(job.State))
        {
            return job is { State: "succeeded", DoneAt: { } ended } ? $"{due} · {(ended <= deadline ? "made, " + Say.For(deadline - ended) + " to spare" : "missed by " + Say.For(ended - deadline))}" : due;
        }

        if (job.Where is not null && job.DoneAt is { } done)
        {
            return done <= deadline ? $"{due} · {Say.For(deadline - done)} to spare at this pace" : $"{due} · missed by about {Say.For(done - deadline)} at this pace";
        }

        return job switch
        {
            { MissedBySeconds: { } late } => $"{due} · missed by about {Say.For(TimeSpan.FromSeconds(late))} on the fastest offer that fits: faster ones may make it (resources, providers, budget)",
            { MustStartBy: { } latest } when latest > now => $"{due} · must start by {Say.When(latest, now, zone)} where nobody takes it away, {Say.For(latest - now)} from now",
            { MustStartBy: not null } => $"{due} · no time to spare: only what nobody takes away will do",
            _ => $"{due} · no offer that nobody takes away is known to make it",
        };
    }
}
