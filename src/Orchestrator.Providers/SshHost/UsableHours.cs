using Orchestrator.Jobs;

namespace Orchestrator.Providers.SshHost;

/// <summary>Hours of every day at which a machine may be used, in one time zone.</summary>
public sealed record UsableHours(ClockWindow Window, TimeZoneInfo Zone)
{
    /// <summary>The end of the window that <paramref name="now"/> lies in; null = none does.</summary>
    public DateTimeOffset? OpenUntil(DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(now, Zone);
        var time = TimeOnly.FromDateTime(local.DateTime);
        var overnight = Window.End <= Window.Start;
        if (!Window.Contains(time))
        {
            return null;
        }

        var day = local.Date.AddDays(overnight && time >= Window.Start ? 1 : 0);
        var end = day + Window.End.ToTimeSpan();
        // A change of clocks that skips the end ends the window with the gap.
        while (Zone.IsInvalidTime(end))
        {
            end = end.AddMinutes(1);
        }

        var offset = Zone.IsAmbiguousTime(end) ? Zone.GetAmbiguousTimeOffsets(end).Max() : Zone.GetUtcOffset(end);
        return new DateTimeOffset(end - offset, TimeSpan.Zero);
    }
}
