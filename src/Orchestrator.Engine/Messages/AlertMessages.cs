using System.Globalization;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Messages;

/// <summary>What is told of an alert.</summary>
public static class AlertMessages
{
    /// <summary>The job it is about; null = none.</summary>
    public static JobId? JobOf(AlertNews alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return TopicOf(alert.Kind) is NotifyTopics.Budget or NotifyTopics.Deadline or NotifyTopics.CheckpointAge && alert.Subject is ['#', .. var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var job)
            ? new JobId(job)
            : null;
    }

    /// <param name="alert">Which.</param>
    /// <param name="job">See <see cref="JobOf"/>; null also where that job is gone.</param>
    /// <param name="notify">What that job's spec says.</param>
    public static NewMessage Of(AlertNews alert, JobId? job, NotifySpec? notify)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var topic = TopicOf(alert.Kind);
        var text = MessageWords.Line(alert.Text, 1000);
        // The first clause says what is wrong, what follows says what to do.
        var title = text.Split("; ", 2)[0];
        return new(string.Create(CultureInfo.InvariantCulture, $"alert {alert.Id}"), topic, MessageWords.Line(title, 120), text)
        {
            Job = job,
            Notify = notify,
            Subject = $"{alert.Kind} {alert.Subject}",
            NotBy = alert.Kind == AlertKinds.Channel ? alert.Subject : null,
            IsUrgent = !AlertKinds.IsInformation(alert.Kind),
        };
    }

    private static string TopicOf(string kind) => kind switch
    {
        _ when AlertKinds.IsOf(kind, AlertKinds.Budget) => NotifyTopics.Budget,
        _ when AlertKinds.IsOf(kind, AlertKinds.Deadline) => NotifyTopics.Deadline,
        _ when AlertKinds.IsOf(kind, AlertKinds.CheckpointAge) => NotifyTopics.CheckpointAge,
        _ when AlertKinds.IsOf(kind, AlertKinds.Balance) => NotifyTopics.Balance,
        _ => NotifyTopics.Attention,
    };
}
