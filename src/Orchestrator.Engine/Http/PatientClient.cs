using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Orchestrator.Engine.Http;

/// <summary>
/// Reads from other people's servers while a person waits: what may pass is tried again a few times, what is still wrong then
/// is said in one line.
/// </summary>
public sealed class PatientClient(HttpMessageInvoker http, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan[] _pauses = [TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(5);

    /// <summary>Of one try, until its headers are there.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The answer, whatever it says, with its body unread; the caller disposes it. Throws <see cref="UnreachableException"/>.</summary>
    /// <param name="request">Makes the request anew for each try.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        for (var tries = 0; ; tries++)
        {
            var isLast = tries == _pauses.Length;
            var pause = isLast ? TimeSpan.Zero : _pauses[tries];
            using var message = request();
            using var limit = new CancellationTokenSource(Limit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
            try
            {
                var answer = await http.SendAsync(message, both.Token);
                if (isLast || !MayPass(answer.StatusCode))
                {
                    return answer;
                }

                pause = PauseOf(answer) ?? pause;
                answer.Dispose();
            }
            catch (Exception error) when (IsTrouble(error) && !cancellation.IsCancellationRequested)
            {
                if (isLast || !MayPass(error))
                {
                    throw new UnreachableException($"{message.RequestUri!.Host} cannot be reached: {Words(error)}", error);
                }
            }

            await Task.Delay(pause, time, cancellation);
        }
    }

    /// <summary>As <see cref="SendAsync"/>, over redirects; what it ends with may still be one that is not followed.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="request">Makes the request for one place; a login goes only where it belongs.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<(HttpResponseMessage Answer, Uri At)> FollowAsync(Uri start, Func<Uri, HttpRequestMessage> request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var at = start;
        for (var hops = 0; ; hops++)
        {
            var here = at;
            var answer = await SendAsync(() => request(here), cancellation);
            if (hops == Redirects.Most || Redirects.Of(answer, at) is not { } next)
            {
                return (answer, at);
            }

            answer.Dispose();
            at = next;
        }
    }

    /// <summary>The body as text; throws <see cref="UnreachableException"/> when it breaks off or is longer than <paramref name="most"/> bytes.</summary>
    public async Task<string> ReadAsync(HttpResponseMessage answer, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var host = answer.RequestMessage?.RequestUri?.Host ?? "the server";
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(both.Token);
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            for (int read; (read = await body.ReadAsync(buffer, both.Token)) > 0;)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > most)
                {
                    throw new UnreachableException($"{host} answers with more than {most >> 20} MB, which is not what was asked for");
                }
            }

            return System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (Exception error) when (IsTrouble(error) && !cancellation.IsCancellationRequested)
        {
            throw new UnreachableException($"{host} broke off its answer: {Words(error)}", error);
        }
    }

    public void Dispose() => http.Dispose();

    private static bool MayPass(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented;

    /// <summary>A certificate does not get better by waiting, nor does a name that nobody has.</summary>
    private static bool MayPass(Exception error) => error is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        && error is not HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } };

    private static bool IsTrouble(Exception error) => error is HttpRequestException or IOException or OperationCanceledException;

    private static TimeSpan? PauseOf(HttpResponseMessage answer) =>
        answer.Headers.RetryAfter?.Delta is { } asked ? (asked < _longestPause ? asked : _longestPause) : null;

    private static string Words(Exception error) => error switch
    {
        OperationCanceledException => "it does not answer in time",
        HttpRequestException { InnerException: AuthenticationException tls } => tls.InnerException?.Message ?? tls.Message,
        HttpRequestException { InnerException: { } inner } => inner.Message,
        _ => error.Message,
    };
}
