using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Orchestrator.Agent.Attaching;
using Orchestrator.Agent.Journal;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Transfers;

/// <summary>
/// Moves bytes over granted URLs. What can be tried again is tried again for ever, with a fresh grant each time: a store or
/// a server that is away is a pause, never an end.
/// </summary>
internal sealed class StoreClient : IDisposable
{
    private const int Copy = 128 * 1024;
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    /// <summary>A server that is attached and answers nothing for so long is gone too; its connection has not noticed yet.</summary>
    private static readonly TimeSpan Unanswered = TimeSpan.FromSeconds(90);

    private readonly GrantBroker _grants;
    private readonly ServerPresence _presence;
    private readonly ProblemReporter _problems;
    private readonly TimeProvider _time;
    private readonly LineMeter _up;
    private readonly LineMeter _down;
    private readonly StoreConnections _connections;

    public StoreClient(GrantBroker grants, ServerPresence presence, ProblemReporter problems, TrustedAuthorities trust, TimeProvider time)
    {
        _grants = grants;
        _presence = presence;
        _problems = problems;
        _time = time;
        (_up, _down) = (new LineMeter(time), new LineMeter(time));
        _connections = new StoreConnections(trust);
    }

    /// <summary>All that was sent.</summary>
    public LineUse Sent => _up.Total;

    /// <summary>All that was fetched.</summary>
    public LineUse Fetched => _down.Total;

    /// <summary>A question that needs no URL to be used (the multipart steps).</summary>
    /// <exception cref="StoreException">Refused; with <paramref name="orAlone"/> also Alone.</exception>
    public Task<Grant> AskAsync(GrantWanted wanted, CancellationToken cancellation, bool orAlone = false) =>
        UntilItWorksAsync(wanted.Key, token => GrantedAsync(wanted, orAlone, token), (grant, _) => Task.FromResult(grant), cancellation);

    /// <summary>Writes one object or part.</summary>
    /// <exception cref="StoreException">Taken or Refused; with <paramref name="orAlone"/> also Alone, as soon as no server is there to grant it.</exception>
    public Task PutAsync(GrantWanted wanted, PutBody body, CancellationToken cancellation, bool orAlone = false) =>
        UntilItWorksAsync(wanted.Key, token => GrantedAsync(wanted, orAlone, token), (grant, token) => SendAsync(grant, body, token), cancellation);

    /// <summary>Writes one object with a grant that was kept for when no server is there.</summary>
    /// <exception cref="StoreException">Taken or Denied.</exception>
    public Task PutAheadAsync(Grant kept, PutBody body, CancellationToken cancellation) =>
        UntilItWorksAsync(
            kept.Key,
            _ => Task.FromResult(kept),
            async (grant, token) =>
            {
                try
                {
                    return await SendAsync(grant, body, token);
                }
                catch (StoreException e) when (e.Status == HttpStatusCode.Forbidden)
                {
                    throw new StoreException(StoreFault.Denied, e.Message);
                }
            },
            cancellation);

    /// <summary>Reads an object into <paramref name="sink"/> from the offset that <paramref name="have"/> gives before each try.</summary>
    /// <exception cref="StoreException">Missing or Refused.</exception>
    public Task GetAsync(string key, Func<long> have, Func<ReadOnlyMemory<byte>, Task> sink, CancellationToken cancellation) =>
        UntilItWorksAsync(
            key,
            token => GrantedAsync(new GrantWanted(GrantKind.Get, key), orAlone: false, token),
            (grant, token) => _down.DuringAsync(async () =>
            {
                using var idle = CancellationTokenSource.CreateLinkedTokenSource(token);
                idle.CancelAfter(Idle);
                using var request = Request(HttpMethod.Get, grant);
                var from = have();
                if (from > 0)
                {
                    request.Headers.Range = new RangeHeaderValue(from, null);
                }

                AddHeaders(request, grant);
                using var response = await _connections.SendAsync(request, idle.Token);
                if (from > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return true;
                }

                if (response.StatusCode == HttpStatusCode.PreconditionFailed)
                {
                    throw new StoreException(StoreFault.Damaged, $"{key} is not what it was when the job was submitted; submit it again to train on what is there now");
                }

                if (response.StatusCode == HttpStatusCode.NotFound && !SaysMissing(await response.Content.ReadAsStringAsync(idle.Token)))
                {
                    throw new StoreException(StoreFault.Transient, "the place to read from is missing (404); is its bucket still there?");
                }

                Check(response.StatusCode, key);
                var skip = response.StatusCode == HttpStatusCode.PartialContent ? 0 : from;
                await using var body = await response.Content.ReadAsStreamAsync(idle.Token);
                var buffer = new byte[Copy];
                int read;
                while ((read = await body.ReadAsync(buffer, idle.Token)) > 0)
                {
                    idle.CancelAfter(Idle);
                    _down.Add(read);
                    // A store that ignores ranges begins again at the first byte.
                    var ignored = (int)Math.Min(skip, read);
                    skip -= ignored;
                    if (read > ignored)
                    {
                        await sink(buffer.AsMemory(ignored, read - ignored));
                    }
                }

                return true;
            }),
            cancellation);

    public void Dispose() => _connections.Dispose();

    private async Task<T> UntilItWorksAsync<T>(
        string key, Func<CancellationToken, Task<Grant>> grant, Func<Grant, CancellationToken, Task<T>> act, CancellationToken cancellation)
    {
        var pause = First;
        for (var tries = 1; ; tries++)
        {
            string why;
            try
            {
                return await act(await grant(cancellation), cancellation);
            }
            catch (Exception e) when (IsTransient(e) && !cancellation.IsCancellationRequested)
            {
                why = e switch
                {
                    OperationCanceledException => $"nothing moved for {Idle.TotalSeconds} s",
                    HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } refused => StoreConnections.Explain(refused),
                    _ => e.Message,
                };
            }

            if (tries >= 3)
            {
                _problems.Report("store", $"the store does not take or give {key}: {why}; tried again until it does, training goes on");
            }

            await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), _time, cancellation);
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
    }

    private async Task<Grant> GrantedAsync(GrantWanted wanted, bool orAlone, CancellationToken cancellation)
    {
        var grant = orAlone ? await AnsweredAsync(wanted, cancellation) : await _grants.AskAsync(wanted, cancellation);
        return grant switch
        {
            { Refused: null } => grant,
            { Final: true } => throw new StoreException(StoreFault.Refused, $"{wanted.Key}: the server does not grant it: {grant.Refused}"),
            _ => throw new StoreException(StoreFault.Transient, $"the server does not grant it: {grant.Refused}"),
        };
    }

    /// <summary>A question stays open over any absence; where there is another way, it is taken back instead.</summary>
    private async Task<Grant> AnsweredAsync(GrantWanted wanted, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answer = _grants.AskAsync(wanted, enough.Token);
        // Joining a large upload takes the server minutes.
        var patience = wanted.Kind == GrantKind.CompleteMultipart ? Timeout.InfiniteTimeSpan : Unanswered;
        var alone = Task.WhenAny(_presence.AloneAsync(enough.Token), Task.Delay(patience, _time, enough.Token));
        await Task.WhenAny(answer, alone);
        var answered = answer.IsCompleted;
        await enough.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        if (answered)
        {
            return await answer;
        }

        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw new StoreException(StoreFault.Alone, $"{wanted.Key}: no server is there to grant it");
    }

    private async Task<bool> SendAsync(Grant grant, PutBody body, CancellationToken cancellation)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var content = new WatchedStream(body.Open(), body.Size, idle, Idle);
        using var request = Request(HttpMethod.Put, grant);
        request.Content = new StreamContent(content, Copy);
        request.Content.Headers.ContentLength = body.Size;
        AddHeaders(request, grant);
        HttpStatusCode status;
        var words = "";
        try
        {
            using var response = await _up.DuringAsync(() => _connections.SendAsync(request, idle.Token));
            status = response.StatusCode;
            words = status == HttpStatusCode.NotFound ? await response.Content.ReadAsStringAsync(idle.Token) : "";
        }
        catch (Exception e) when (IsTransient(e))
        {
            body.MayBeThere |= MayHaveArrived(e);
            throw;
        }

        if (status is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict)
        {
            // Ours, when an earlier try was cut off after the store had it all.
            return body.MayBeThere ? true : throw new StoreException(StoreFault.Taken, $"{body.Key} is already written");
        }

        // Where a whole object is written nothing else can be missing; of a part it may be the upload, which does not come back.
        if (status == HttpStatusCode.NotFound && (grant.UploadId is null || words.Contains("NoSuchBucket", StringComparison.Ordinal)))
        {
            throw new StoreException(StoreFault.Transient, "the place to write to is missing (404); is its bucket still there?");
        }

        // Something on the way gave up on the store's answer; the store itself may have done it.
        body.MayBeThere |= status is HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;
        var taken = Check(status, body.Key);
        _up.Add(body.Size);
        return taken;
    }

    /// <summary>In the store's own words. Proxies, other servers on a port and missing buckets answer 404 too.</summary>
    private static bool SaysMissing(string words) =>
        words.Contains("NoSuchKey", StringComparison.Ordinal) || words.Contains("NoSuchVersion", StringComparison.Ordinal)
        || words.Contains("is not in the store", StringComparison.Ordinal);

    /// <summary>A local file that cannot be read is not the store's fault: those come as <see cref="Checkpoints.ChangedException"/> or plain IOException without a socket.</summary>
    private static bool IsTransient(Exception e) =>
        e is StoreException { Fault: StoreFault.Transient } or OperationCanceledException or SocketException
        || (e is HttpRequestException && e.InnerException is not Checkpoints.ChangedException)
        || (e is IOException && e.InnerException is SocketException)
        || e is HttpIOException;

    /// <summary>Not where no connection came about: then what lies under the key is somebody else's.</summary>
    private static bool MayHaveArrived(Exception e) => e is not HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    private static HttpRequestMessage Request(HttpMethod method, Grant grant) =>
        Uri.TryCreate(grant.Url, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? new HttpRequestMessage(method, url)
            : throw new StoreException(StoreFault.Transient, "the grant has no usable URL");

    private static void AddHeaders(HttpRequestMessage request, Grant grant)
    {
        foreach (var (name, value) in grant.Headers ?? System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    private static bool Check(HttpStatusCode status, string key) => (int)status switch
    {
        >= 200 and < 300 => true,
        404 => throw new StoreException(StoreFault.Missing, $"{key} is not in the store"),
        429 or 503 => throw new StoreException(StoreFault.Transient, $"the store asks for fewer requests ({(int)status})"),
        403 => throw new StoreException(StoreFault.Transient, "the store refuses (403); check its credentials and permissions") { Status = status },
        507 => throw new StoreException(StoreFault.Transient, "the store has no space left (507)"),
        _ => throw new StoreException(StoreFault.Transient, $"the store answers {(int)status}"),
    };
}
