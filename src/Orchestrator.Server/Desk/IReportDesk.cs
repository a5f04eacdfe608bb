using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What a weekend came to.</summary>
public interface IReportDesk
{
    /// <param name="from">Null = the newest Friday 18:00 that is over.</param>
    /// <param name="to">Null = the Monday 09:00 after it, or now; with <paramref name="from"/>, now.</param>
    /// <param name="zone">IANA name of the zone that Friday and Monday are read in; null = the server's.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<ReportReply> WeekendAsync(DateTimeOffset? from, DateTimeOffset? to, string? zone, CancellationToken cancellation);

    /// <summary>Which hosts held the data of a job.</summary>
    Task<DataResidency> ResidencyAsync(long job, CancellationToken cancellation);
}
