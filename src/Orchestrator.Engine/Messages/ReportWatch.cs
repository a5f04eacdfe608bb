using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Messages.Channels;
using Orchestrator.Engine.Observing;
using Orchestrator.Engine.Reports;
using Orchestrator.Engine.Store;

namespace Orchestrator.Engine.Messages;

/// <summary>Stores the message of the week when its hour has come. Apart from the other messages: a report that cannot be made holds up none of them.</summary>
public sealed class ReportWatch(MessageStore messages, ReportReader reports, JobStore jobs, ChannelSet channels, ReportTime time, TimeZoneInfo zone, EngineOptions options, ILogger<ReportWatch> log) : BackgroundService
{
    /// <summary>A server that was away at that hour still tells it for so long; later nobody waits for it.</summary>
    private static readonly TimeSpan _late = TimeSpan.FromHours(12);

    private string? _settled;

    public async Task LookAsync(CancellationToken cancellation)
    {
        if (channels.Entries.IsEmpty)
        {
            return;
        }

        var now = await jobs.NowAsync(cancellation);
        var due = time.LastAt(now, zone);
        var key = ReportTime.KeyOf(due, zone);
        if (key == _settled || now - due > _late)
        {
            return;
        }

        if (!await messages.IsToldAsync(key, cancellation))
        {
            var report = await reports.ReportAsync(_ => ReportPeriod.Weekend(due, zone), cancellation);
            // A weekend in which nothing ran is noted as well: it is not made again with every look.
            var message = ReportMessage.Of(key, report, zone) ?? new NewMessage(key, "", "", "");
            var routes = message.Topic.Length == 0 ? [] : channels.Route(message, now);
            if (await messages.AddAsync(message, routes, cancellation) && message.Topic.Length > 0)
            {
                log.LogInformation("told through {Channels}: {Title}", routes.IsEmpty ? "no channel" : string.Join(", ", routes.Select(route => route.Channel)), message.Title);
            }
        }

        _settled = key;
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
                log.LogError(failure, "the report of the week could not be made; it is tried again");
            }
        }
    }
}
