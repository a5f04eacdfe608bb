using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>Stands between a client and an S3 server and answers in its place when a test says so.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromMinutes(5) };
    private readonly Uri _target;
    private int _answered;

    private FaultyProxy(Uri target)
    {
        _target = target;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(ServeAsync);
    }

    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>Null = pass it on; else the status and the code of the answer.</summary>
    public Func<HttpRequest, (int Status, string Code)?> Fault { get; set; } = _ => null;

    /// <summary>Waited for before a request is passed on.</summary>
    public Func<HttpRequest, CancellationToken, Task> Delay { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Cut every connection without an answer.</summary>
    public bool Cuts { get; set; }

    /// <summary>Requests that got a fault.</summary>
    public int Answered => _answered;

    public static async Task<FaultyProxy> StartAsync(Uri target)
    {
        var proxy = new FaultyProxy(target);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (Cuts)
        {
            Interlocked.Increment(ref _answered);
            context.Abort();
            return;
        }

        if (Fault(context.Request) is { } fault)
        {
            Interlocked.Increment(ref _answered);
            context.Response.StatusCode = fault.Status;
            if (context.Request.Method != "HEAD")
            {
                context.Response.ContentType = "application/xml";
                await context.Response.WriteAsync($"<?xml version=\"1.0\"?><Error><Code>{fault.Code}</Code><Message>as the test wants</Message></Error>");
            }

            return;
        }

        await Delay(context.Request, context.RequestAborted);
        // As it was written: the path is signed.
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(_target.AbsoluteUri.TrimEnd('/') + raw, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (context.Request.ContentLength is not null)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive")))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
