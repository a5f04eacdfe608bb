using System.Diagnostics;
using System.Net;
using System.Text;
using Orchestrator.Engine.Artifacts.S3;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Tries on a store what will be asked of it, with objects of its own that it removes again: writing once, reading, uploading
/// in parts over a signed URL, deleting. What a store says of itself is not asked.
/// </summary>
public sealed class StoreProbe(TimeProvider time)
{
    private static readonly byte[] _content = Encoding.UTF8.GetBytes("orchestrator store probe\n");
    private static readonly TimeSpan _urlLife = TimeSpan.FromMinutes(5);

    /// <summary>Never throws for what the store did.</summary>
    /// <param name="store">An S3 store of its own (its traits are changed), or any other.</param>
    /// <param name="prefix">Below this it writes; with a trailing slash, or empty.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<StoreProbeResult> RunAsync(IObjectStore store, string prefix, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        var place = $"{prefix}probe/{Guid.NewGuid():n}/";
        var result = new StoreProbeResult();
        try
        {
            var began = time.GetTimestamp();
            await store.HeadAsync(place + "nothing", cancellation);
            result = result with { Latency = time.GetElapsedTime(began) };
            if (store is S3Store s3)
            {
                // Believed until it is found out.
                s3.Traits = new(true, true);
                var once = await WritesOnceAsync(s3, place + "once", cancellation);
                s3.Traits = new(once, true);
                result = result with { Traits = new(once, false), ClockAhead = await ReadAsync(s3, place + "once", cancellation) };
                result = result with { Traits = new(once, await UploadAsync(s3, place + "parts", cancellation)) };
            }
            else
            {
                await WriteAsync(store, place + "once", onlyIfAbsent: true, cancellation);
                await CompareAsync(store, place + "once", cancellation);
                result = result with { Traits = new(true, true) };
            }

            return result;
        }
        catch (StoreException refused)
        {
            return result with { Problem = refused.Message, Kind = refused.Kind };
        }
        finally
        {
            await TidyAsync(store, place);
        }
    }

    /// <summary>False: the store ignores the condition, or says that it cannot.</summary>
    private static async Task<bool> WritesOnceAsync(S3Store store, string key, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(store, key, onlyIfAbsent: true, cancellation);
        }
        catch (StoreException cannot) when (cannot.InnerException is Amazon.S3.AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented })
        {
            await WriteAsync(store, key, onlyIfAbsent: false, cancellation);
            return false;
        }

        try
        {
            await WriteAsync(store, key, onlyIfAbsent: true, cancellation);
            return false;
        }
        catch (StoreException exists) when (exists.Kind == StoreErrorKind.Exists)
        {
            return true;
        }
    }

    /// <summary>Reads over a signed URL, as hosts will, and takes the time of day from the answer.</summary>
    private async Task<TimeSpan?> ReadAsync(S3Store store, string key, CancellationToken cancellation)
    {
        await CompareAsync(store, key, cancellation);
        using var http = S3ClientFactory.CreateHttp(store.Settings);
        using var response = await SendAsync(http, new(HttpMethod.Get, store.SignGet(key, time.GetUtcNow() + _urlLife).Url), store.Settings, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new StoreException(StoreErrorKind.Denied, $"store {store.Settings.Name}: it refuses URLs that were signed with its own keys ({(int)response.StatusCode}); check region and path-style of stores.{store.Settings.Name}");
        }

        return response.Headers.Date - time.GetUtcNow();
    }

    /// <summary>Whether completing an upload onto a taken key is refused.</summary>
    private async Task<bool> UploadAsync(S3Store store, string key, CancellationToken cancellation)
    {
        await WriteAsync(store, key, onlyIfAbsent: false, cancellation);
        var upload = await store.BeginMultipartAsync(key, onlyIfAbsent: false, cancellation);
        using var http = S3ClientFactory.CreateHttp(store.Settings);
        using var part = new HttpRequestMessage(HttpMethod.Put, store.SignPart(key, upload, 1, _content.Length, time.GetUtcNow() + _urlLife).Url) { Content = new ByteArrayContent(_content) };
        using (var response = await SendAsync(http, part, store.Settings, cancellation))
        {
            if (!response.IsSuccessStatusCode)
            {
                throw new StoreException(StoreErrorKind.Denied, $"store {store.Settings.Name}: it refuses a part that was sent over a signed URL ({(int)response.StatusCode})");
            }
        }

        var honoured = false;
        try
        {
            await store.CompleteMultipartAsync(key, upload, onlyIfAbsent: true, cancellation);
            return false;
        }
        catch (StoreException refused) when (refused.Kind == StoreErrorKind.Exists)
        {
            honoured = true;
        }
        catch (StoreException cannot) when (cannot.InnerException is Amazon.S3.AmazonS3Exception { StatusCode: HttpStatusCode.NotImplemented })
        {
            // Said, at least.
        }

        await store.AbortMultipartAsync(key, upload, cancellation);
        return honoured;
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, S3Settings settings, CancellationToken cancellation)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw S3Errors.From(error, settings, "", null);
        }
    }

    private static async Task WriteAsync(IObjectStore store, string key, bool onlyIfAbsent, CancellationToken cancellation)
    {
        using var content = new MemoryStream(_content, writable: false);
        await store.WriteAsync(key, content, _content.Length, onlyIfAbsent, cancellation);
    }

    private static async Task CompareAsync(IObjectStore store, string key, CancellationToken cancellation)
    {
        await using var back = await store.ReadAsync(key, 0, null, cancellation);
        using var read = new MemoryStream();
        await back.CopyToAsync(read, cancellation);
        if (!read.ToArray().AsSpan().SequenceEqual(_content))
        {
            throw new StoreException(StoreErrorKind.Invalid, $"what was written comes back as {read.Length} other bytes: the store keeps the framing of the upload inside the object; set its profile to other");
        }
    }

    private static async Task TidyAsync(IObjectStore store, string place)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await store.DeleteAsync(place + "once", limit.Token);
            await store.DeleteAsync(place + "parts", limit.Token);
        }
        catch (Exception error) when (error is StoreException or OperationCanceledException)
        {
            // The result says what is wrong with the store; two small objects may stay.
            Debug.WriteLine(error.Message);
        }
    }
}
