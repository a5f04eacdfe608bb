namespace Orchestrator.Drills.Weekend;

/// <summary>Whole clouds that are away for a while, as time passes.</summary>
internal sealed class WeekendOutages(WeekendWorld world, WeekendPlan plan)
{
    private readonly Queue<(TimeSpan At, string Cloud, string Name)> _coming = new(plan.Outages
        .SelectMany(outage => new[] { (At: outage.After, outage.Cloud, Name: outage.Begins), (At: outage.After + outage.Lasts, outage.Cloud, Name: outage.Ends) }).OrderBy(one => one.At));

    private readonly long _began = TimeProvider.System.GetTimestamp();

    /// <summary>Begins and ends what is due by now.</summary>
    public void Pass() => Pass(TimeProvider.System.GetElapsedTime(_began));

    /// <summary>The rest at once, each with its end.</summary>
    public void PassAll() => Pass(TimeSpan.MaxValue);

    private void Pass(TimeSpan time)
    {
        while (_coming.TryPeek(out var next) && next.At <= time)
        {
            world.Throw([(next.Cloud, next.Name)]);
            _coming.Dequeue();
        }
    }
}
