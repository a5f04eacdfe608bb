using System.Collections.Immutable;
using Orchestrator.Planning.Memory;

namespace Orchestrator.Planning.Measuring;

/// <summary>How fast one attempt of one job trained, and where.</summary>
/// <param name="Job">The job: steps of different jobs are not comparable.</param>
/// <param name="Place">Where.</param>
/// <param name="GpuCount">Cards there.</param>
/// <param name="At">When.</param>
/// <param name="SecondsPerStep">Its pace.</param>
public sealed record AttemptPace(long Job, Place Place, int GpuCount, DateTimeOffset At, double SecondsPerStep)
{
    /// <summary>Jobs of hundreds of attempts say the same over and over.</summary>
    private const int MostOfOneJob = 32;

    /// <summary>
    /// What jobs that ran in several places teach of cards and hosts: each attempt against the job's mean on each other kind of card,
    /// and against its mean on the same kind, where that is of more than one host.
    /// </summary>
    public static ImmutableArray<SpeedSeen> Compare(IEnumerable<AttemptPace> paces)
    {
        var seen = ImmutableArray.CreateBuilder<SpeedSeen>();
        foreach (var job in paces.Where(pace => pace.Place.Gpu is not null && pace.SecondsPerStep > 0).GroupBy(pace => pace.Job))
        {
            var newest = job.OrderByDescending(pace => pace.At).Take(MostOfOneJob).ToList();
            var kinds = newest.GroupBy(pace => (Gpu: pace.Place.Gpu!, pace.GpuCount)).ToList();
            foreach (var kind in kinds)
            {
                var mean = Math.Exp(kind.Average(pace => Math.Log(pace.SecondsPerStep)));
                foreach (var pace in newest)
                {
                    var isSame = (pace.Place.Gpu, pace.GpuCount) == kind.Key;
                    if (!isSame || kind.Select(one => one.Place.Host).Distinct().Count() > 1)
                    {
                        seen.Add(new SpeedSeen(pace.Place, pace.GpuCount, pace.At, kind.Key.Gpu, kind.Key.GpuCount, mean / pace.SecondsPerStep));
                    }
                }
            }
        }

        return seen.ToImmutable();
    }
}
