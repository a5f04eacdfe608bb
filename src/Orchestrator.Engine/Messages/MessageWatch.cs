using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Engine.Store.Views;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Messages;

/// <summary>
/// Looks in the database for what people have to be told, and stores it with its deliveries. Apart from ticks and sweeps: to tell
/// somebody must never hold up what it tells of, and what a dead server did not tell, the next one does.
/// </summary>
public sealed class MessageWatch(MessageStore messages, JobStore jobs, JobQueries queries, AgentStore agents, ChannelSet channels, EngineOptions options, ILogger<MessageWatch> log) : BackgroundService
{
    /// <summary>Events of one look.</summary>
    private const int Most = 200;

    /// <summary>Bytes of a log that hold its last lines.</summary>
    private const int LogBytes = 8000;

    public async Task LookAsync(CancellationToken cancellation)
    {
        var now = await jobs.NowAsync(cancellation);
        if (channels.Entries.IsEmpty)
        {
            // Whoever adds a channel later is not told of last week.
            await messages.ReadUpToAsync(now, cancellation);
            return;
        }

        var news = await messages.UntoldAsync(Most, cancellation);
        foreach (var one in news)
        {
            // What is told to nobody is stored as well: it would be found again, before all that comes after it.
            var (job, message) = await ComposeAsync(one, cancellation);
            if (message is not null && job?.Job.Batch is not null)
            {
                await AddBatchAsync(BatchMessages.Of(message, job), now, cancellation);
                message = null;
            }

            await AddAsync(message ?? JobMessages.Silent(one), now, cancellation);
        }

        foreach (var batch in await messages.EndedBatchesAsync(cancellation))
        {
            var jobs = await queries.ListAsync(new JobFilter { Batch = batch, Limit = int.MaxValue }, cancellation);
            var notify = await ShowAsync(new JobId(jobs[0].Id), cancellation) is (not null, var said, _) ? said : null;
            await AddAsync(BatchMessages.Ended(batch, [.. jobs], notify), now, cancellation);
        }

        foreach (var away in await messages.AwayAsync(options.AwayTooLong, cancellation))
        {
            if (await ShowAsync(away.Job, cancellation) is ({ } job, var notify, false))
            {
                var message = JobMessages.Of(away, job, notify);
                if (job.Job.Batch is not null)
                {
                    await AddBatchAsync(BatchMessages.Of(message, job), now, cancellation);
                    message = JobMessages.Silent(message);
                }

                await AddAsync(message, now, cancellation);
            }
        }

        foreach (var alert in await messages.AlertsAsync(cancellation))
        {
            var (job, notify, _) = AlertMessages.JobOf(alert) is { } id ? await ShowAsync(id, cancellation) : default;
            var message = AlertMessages.Of(alert, job is null ? null : new JobId(job.Job.Id), notify);
            if (job?.Job.Batch is not null)
            {
                // Forty deadlines are one worry.
                await AddBatchAsync(BatchMessages.Of(message, job), now, cancellation);
                message = JobMessages.Silent(message) with { Subject = message.Subject };
            }

            await AddAsync(message, now, cancellation);
        }

        if (news.Count < Most)
        {
            await messages.ReadUpToAsync(now, cancellation);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.MessagesEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(failure, "what people have to be told could not be looked for; it is tried again");
            }
        }
    }

    private async Task AddBatchAsync(NewMessage? message, DateTimeOffset now, CancellationToken cancellation)
    {
        if (message is not null)
        {
            await AddAsync(message, now, cancellation);
        }
    }

    /// <returns>No message: nobody is told.</returns>
    private async Task<(JobDetail? Job, NewMessage? Message)> ComposeAsync(JobNews news, CancellationToken cancellation)
    {
        if (await ShowAsync(news.Job, cancellation) is not ({ } job, var notify, false))
        {
            return default;
        }

        var attempt = news.Event is AttemptEnded ended ? ended.Attempt : job.Job.Attempt;
        return (job, JobMessages.Of(news, job, notify, attempt == 0 ? "" : Encoding.UTF8.GetString((await agents.TailLogAsync(news.Job, attempt, LogBytes, cancellation)).Data)));
    }

    /// <summary>Of a rehearsal nobody is told: whoever asked for it waits for it.</summary>
    private async Task<(JobDetail? Job, NotifySpec? Notify, bool IsRehearsal)> ShowAsync(JobId id, CancellationToken cancellation)
    {
        try
        {
            if (await queries.ShowAsync(id, cancellation) is { } job)
            {
                var spec = SpecOf(job);
                return (job, spec?.Spec.Notify, spec?.Rehearsal is not null);
            }
        }
        catch (Exception unreadable) when (!cancellation.IsCancellationRequested)
        {
            // One job's alone: it must not keep the others from being told of.
            log.LogWarning("nobody is told of job {Job}, since it cannot be read: {Words}", id, unreadable.Message);
        }

        return default;
    }

    /// <returns>Null where it cannot be read: the job is told of as if its spec said nothing.</returns>
    private StoredSpec? SpecOf(JobDetail job)
    {
        try
        {
            return StoredSpec.Parse(job.SpecJson);
        }
        catch (JsonException unreadable)
        {
            log.LogWarning("whom the spec of job {Job} names for messages cannot be read: {Words}", job.Job.Id, unreadable.Message);
            return null;
        }
    }

    private async Task AddAsync(NewMessage message, DateTimeOffset now, CancellationToken cancellation)
    {
        var routes = message.Topic.Length == 0 ? [] : channels.Route(message, now);
        if (await messages.AddAsync(message, routes, cancellation) && message.Topic.Length > 0)
        {
            log.LogInformation("told through {Channels}: {Title}", routes.IsEmpty ? "no channel" : string.Join(", ", routes.Select(route => route.Channel)), message.Title);
        }
    }
}
