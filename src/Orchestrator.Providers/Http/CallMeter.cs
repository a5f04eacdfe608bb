using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;

namespace Orchestrator.Providers.Http;

/// <summary>
/// Counts and times the requests to one rental API, and shows each as a span. Time is until the headers of the answer. No address is told: its
/// query may hold what is searched for, and its path is an instance's.
/// </summary>
public sealed class CallMeter : DelegatingHandler
{
    /// <summary>Name of the meter, and of the source of spans.</summary>
    public const string Name = "Orchestrator.Providers";

    private static readonly ActivitySource _spans = new(Name);
    private static readonly Meter _meter = new(Name);
    private static readonly Counter<long> _calls = _meter.CreateCounter<long>("orchestrator.provider.calls", null, "Requests to rental APIs, by what became of them");
    private static readonly Histogram<double> _times = _meter.CreateHistogram<double>(
        "orchestrator.provider.call.duration", "s", "How long rental APIs take to answer", null, new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    private readonly string _provider;
    private readonly TimeProvider _time;

    /// <param name="provider">As it is configured.</param>
    /// <param name="inner">Sends.</param>
    /// <param name="time">Measures.</param>
    public CallMeter(string provider, HttpMessageHandler inner, TimeProvider time)
        : base(inner)
    {
        _provider = provider;
        _time = time;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var span = _spans.StartActivity("provider call", ActivityKind.Client);
        span?.SetTag("provider", _provider).SetTag("http.request.method", request.Method.Method);
        var began = _time.GetTimestamp();
        var outcome = "no-answer";
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            outcome = OutcomeOf(response.StatusCode);
            span?.SetTag("http.response.status_code", (int)response.StatusCode);
            return response;
        }
        finally
        {
            _calls.Add(1, new("provider", _provider), new("outcome", outcome));
            _times.Record(_time.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("provider", _provider));
            span?.SetTag("outcome", outcome).SetStatus(outcome is "failed" or "no-answer" ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }

    /// <summary>"Not found" and a refusal are everyday answers (an instance is gone, an offer is taken); the others are errors.</summary>
    internal static string OutcomeOf(HttpStatusCode status) => (int)status switch
    {
        < 400 => "ok",
        401 or 403 => "unauthorized",
        404 or 410 => "not-found",
        429 => "rate-limited",
        < 500 => "refused",
        _ => "failed",
    };
}
