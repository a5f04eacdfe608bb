namespace Orchestrator.Jobs;

/// <summary>Hours of the day, from start up to but not including end; an end before the start is on the next day.</summary>
public sealed record ClockWindow(TimeOnly Start, TimeOnly End)
{
    public TimeSpan Length => End - Start;

    public bool Contains(TimeOnly time) => time.IsBetween(Start, End);

    public override string ToString() => FormattableString.Invariant($"{Start:HH:mm}..{End:HH:mm}");
}
