using System.Collections.Immutable;

namespace Orchestrator.Reconciling;

/// <summary>Collects instants and keeps the nearest one that is still to come.</summary>
internal sealed class Earliest(DateTimeOffset now, Policies policies, ImmutableArray<UnattendedTime> unattended)
{
    public DateTimeOffset At { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Something is decided at this instant; should it be past and undecided (a witness is missing), it is looked at again and again.</summary>
    public void Deadline(DateTimeOffset instant)
    {
        if (instant > now)
        {
            Take(instant);
        }
        else
        {
            Retry(instant, policies.EffectRetry);
        }
    }

    /// <summary>An answer is waited for until then, and longer by the time in which nobody listened.</summary>
    public void Answer(DateTimeOffset since, DateTimeOffset deadline) => Deadline(AttendedTime.Deadline(unattended, since, deadline - since, policies.Silence));

    /// <summary>Only if it is still to come.</summary>
    public void After(DateTimeOffset instant)
    {
        if (instant > now)
        {
            Take(instant);
        }
    }

    /// <summary>Every <paramref name="interval"/>, counted from <paramref name="since"/>.</summary>
    public void Beat(DateTimeOffset since, TimeSpan interval)
    {
        var step = Math.Max(interval.Ticks, TimeSpan.TicksPerMillisecond);
        var beats = Math.Max(0, (now - since).Ticks / step);
        Take(since.AddTicks((beats + 1) * step));
    }

    /// <summary>After <paramref name="first"/>, then at doubled distances up to the longest back-off, all counted from <paramref name="since"/>.</summary>
    public void Retry(DateTimeOffset since, TimeSpan first)
    {
        var step = first;
        var at = since + step;
        while (at <= now && step < policies.BackoffMax)
        {
            step = step + step < policies.BackoffMax ? step + step : policies.BackoffMax;
            at += step;
        }

        if (at > now)
        {
            Take(at);
        }
        else
        {
            Beat(at, step);
        }
    }

    private void Take(DateTimeOffset instant) => At = instant < At ? instant : At;
}
