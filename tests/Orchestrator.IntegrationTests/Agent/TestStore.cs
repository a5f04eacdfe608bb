using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>A store in memory behind real HTTP: write-once keys, ranges, multipart, and switches for bad days.</summary>
public sealed class TestStore : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, SortedDictionary<int, byte[]>> _parts = new();
    private int _uploads;

    private TestStore(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    /// <summary>Order in which objects became whole.</summary>
    public ConcurrentQueue<string> Order { get; } = new();

    /// <summary>Answer everything with this status; 0 = as usual.</summary>
    public int Refuse { get; set; }

    /// <summary>Takes the object and cuts the connection instead of an answer, where this says so.</summary>
    public Func<string, bool> LosesAnswer { get; set; } = _ => false;

    /// <summary>Does not answer who wants to read this.</summary>
    public Func<string, bool> Stalls { get; set; } = _ => false;

    /// <summary>Writes to a key that was taken.</summary>
    public int Taken { get; private set; }

    /// <summary>Keep only the length of parts: for sizes that tests do not want in memory.</summary>
    public bool Forgetful { get; set; }

    /// <summary>Bytes a second per request; 0 = as fast as it goes.</summary>
    public int Throttle { get; set; }

    public int Requests { get; private set; }

    public static async Task<TestStore> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        builder.WebHost.ConfigureKestrel((KestrelServerOptions options) => options.Limits.MinRequestBodyDataRate = null);
        var app = builder.Build();
        var store = new TestStore(app);
        app.Run(store.ServeAsync);
        await app.StartAsync();
        return store;
    }

    public Grant Answer(GrantWanted wanted)
    {
        var address = _app.Urls.First() + "/" + wanted.Key;
        switch (wanted.Kind)
        {
            case GrantKind.Get:
            case GrantKind.Put:
            case GrantKind.PutAhead:
                return new Grant { Key = wanted.Key, Url = address };
            case GrantKind.BeginMultipart:
                var id = Interlocked.Increment(ref _uploads).ToString(CultureInfo.InvariantCulture);
                _parts[id] = [];
                return new Grant { Key = wanted.Key, UploadId = id };
            case GrantKind.PutPart:
                return new Grant { Key = wanted.Key, Url = $"{address}?upload={wanted.UploadId}&part={wanted.Part}", UploadId = wanted.UploadId };
            case GrantKind.CompleteMultipart:
                Objects[wanted.Key] = [.. _parts[wanted.UploadId!].Values.SelectMany(part => part)];
                Order.Enqueue(wanted.Key);
                return new Grant { Key = wanted.Key };
            default:
                return new Grant { Key = wanted.Key };
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        Requests++;
        var key = context.Request.Path.Value!.TrimStart('/');
        if (Refuse != 0)
        {
            context.Response.StatusCode = Refuse;
            return;
        }

        if (context.Request.Method == "GET")
        {
            if (!Objects.TryGetValue(key, out var bytes))
            {
                context.Response.StatusCode = 404;
                await context.Response.WriteAsync(key + " is not in the store\n");
                return;
            }

            while (Stalls(key))
            {
                await Task.Delay(50, context.RequestAborted);
            }

            var from = context.Request.GetTypedHeaders().Range?.Ranges.First().From ?? 0;
            context.Response.StatusCode = from > 0 ? 206 : 200;
            await context.Response.Body.WriteAsync(bytes.AsMemory((int)from));
            return;
        }

        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        var total = 0L;
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
        {
            total += read;
            if (!Forgetful)
            {
                body.Write(buffer, 0, read);
            }

            if (Throttle > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)read / Throttle));
            }
        }

        if (total != context.Request.ContentLength)
        {
            context.Response.StatusCode = 400;
        }
        else if (context.Request.Query["upload"].FirstOrDefault() is { } upload)
        {
            lock (_parts)
            {
                _parts[upload][int.Parse(context.Request.Query["part"]!, CultureInfo.InvariantCulture)] = body.ToArray();
            }
        }
        else if (Objects.TryAdd(key, body.ToArray()))
        {
            Order.Enqueue(key);
            if (LosesAnswer(key))
            {
                context.Abort();
            }
        }
        else
        {
            Taken++;
            context.Response.StatusCode = 412;
        }
    }
}
