using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Providers.Http;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Telemetry;

public sealed class CallMeterTests : IDisposable
{
    // Meters are the process's: other tests call providers of other names.
    private readonly string _provider = "acme-" + Guid.NewGuid().ToString("n");
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _calls = [];
    private readonly List<double> _times = [];
    private readonly List<Activity> _spans = [];
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _listener;

    public CallMeterTests()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == CallMeter.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, value, tags, _) => Note(tags, outcome => _calls.Add($"{outcome} {value}")));
        _meters.SetMeasurementEventCallback<double>((_, value, tags, _) => Note(tags, _ => _times.Add(value)));
        _meters.Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CallMeter.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("provider") as string == _provider)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "ok", ActivityStatusCode.Unset)]
    [InlineData(HttpStatusCode.Forbidden, "unauthorized", ActivityStatusCode.Unset)]
    [InlineData(HttpStatusCode.NotFound, "not-found", ActivityStatusCode.Unset)]
    [InlineData(HttpStatusCode.Gone, "not-found", ActivityStatusCode.Unset)]
    [InlineData(HttpStatusCode.Conflict, "refused", ActivityStatusCode.Unset)]
    [InlineData(HttpStatusCode.TooManyRequests, "rate-limited", ActivityStatusCode.Unset)]
    [InlineData(HttpStatusCode.BadGateway, "failed", ActivityStatusCode.Error)]
    public async Task A_call_is_counted_by_what_became_of_it_and_timed(HttpStatusCode status, string outcome, ActivityStatusCode spanned)
    {
        using var http = Client(_ =>
        {
            _time.Advance(TimeSpan.FromSeconds(0.75));
            return ScriptedHandler.Text("{}", status);
        });

        using var response = await SendAsync(http);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal([outcome + " 1"], _calls);
        Assert.Equal([0.75], _times);
        var span = Assert.Single(_spans);
        Assert.Equal((spanned, (int)status, outcome), (span.Status, (int)span.GetTagItem("http.response.status_code")!, (string)span.GetTagItem("outcome")!));
    }

    [Fact]
    public async Task A_call_without_an_answer_is_counted_and_its_error_is_the_callers()
    {
        using var http = Client(_ => throw new HttpRequestException("reset"));

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(http));

        Assert.Equal(["no-answer 1"], _calls);
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(_spans).Status);
    }

    [Fact]
    public async Task Nothing_that_is_told_names_an_address()
    {
        using var http = Client(_ => ScriptedHandler.Text("{}"));

        using var response = await SendAsync(http);

        Assert.All(Assert.Single(_spans).TagObjects, tag => Assert.DoesNotContain("instances", tag.Value!.ToString(), StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _meters.Dispose();
        _listener.Dispose();
    }

    private HttpMessageInvoker Client(Func<HttpRequestMessage, HttpResponseMessage> answer) => new(new CallMeter(_provider, new ScriptedHandler(answer), _time));

    private static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.invalid/instances/i-1?key=x");
        return await http.SendAsync(request, default);
    }

    private void Note(ReadOnlySpan<KeyValuePair<string, object?>> tags, Action<string?> note)
    {
        var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
        if (named.GetValueOrDefault("provider") == _provider)
        {
            note(named.GetValueOrDefault("outcome"));
        }
    }
}
