using System.Diagnostics;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>Counts what one request asks the database, whatever else the server does meanwhile: the driver's spans carry the request's trace.</summary>
internal sealed class QueryCount : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly Activity _request = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
    private int _count;

    public QueryCount()
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = started =>
            {
                if (started.Source.Name == "Npgsql" && started.TraceId == _request.TraceId)
                {
                    Interlocked.Increment(ref _count);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => _count;

    public void Dispose()
    {
        _request.Dispose();
        _listener.Dispose();
    }
}
