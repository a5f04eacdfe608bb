using System.Collections.Immutable;

namespace Orchestrator.Reconciling;

/// <summary>Deadlines that say "nobody answered" count only while somebody listened: our own absence is not the host's silence.</summary>
public static class AttendedTime
{
    /// <summary>Absences after which there is a grace: servers that come and go for ever must not hold a host that costs for ever.</summary>
    private const int Graces = 5;

    /// <summary>
    /// When <paramref name="limit"/> of attended time has passed since <paramref name="since"/>. After each of the first absences
    /// there is at least <paramref name="grace"/> (never more than the limit itself) to hear what happened meanwhile.
    /// </summary>
    /// <param name="unattended">Oldest first.</param>
    /// <param name="since">When the time began to count.</param>
    /// <param name="limit">The time there is.</param>
    /// <param name="grace">See above.</param>
    public static DateTimeOffset Deadline(ImmutableArray<UnattendedTime> unattended, DateTimeOffset since, TimeSpan limit, TimeSpan grace)
    {
        var deadline = since + limit;
        var graces = 0;
        foreach (var away in unattended.IsDefault ? [] : unattended)
        {
            var from = away.From > since ? away.From : since;
            if (from >= deadline)
            {
                break;
            }

            if (away.Until > from)
            {
                deadline += away.Until - from;
                var heard = away.Until + (limit < grace ? limit : grace);
                if (heard > deadline && graces++ < Graces)
                {
                    deadline = heard;
                }
            }
        }

        return deadline;
    }
}
