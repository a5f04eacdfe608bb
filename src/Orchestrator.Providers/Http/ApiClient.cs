using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.Http;

/// <summary>
/// Calls one rental API for one account: in its turn, within a time, reading no more than a bound. It repeats nothing: a tick comes
/// again, and a lost create is looked for by its label first. What an answer means is the provider's to say.
/// </summary>
/// <param name="http">Not to follow redirects: the key would go along, or get lost.</param>
/// <param name="account">Whose limits these are; the same on all servers.</param>
/// <param name="key">Gives the API key as it is now; it is in the header of each request and nowhere else.</param>
/// <param name="options">Address, times and bounds.</param>
/// <param name="pacer">Keeps to the limits.</param>
/// <param name="guard">Knows whose key it has to be; null = anybody's.</param>
public sealed class ApiClient(HttpMessageInvoker http, string account, Func<CancellationToken, Task<string>> key, ApiOptions options, IRequestPacer pacer, IAccountGuard? guard = null)
{
    private static readonly TimeSpan _longestHold = TimeSpan.FromMinutes(5);

    /// <summary>With a key that is at hand.</summary>
    public ApiClient(HttpMessageInvoker http, string account, Func<string> key, ApiOptions options, IRequestPacer pacer)
        : this(http, account, _ => Task.FromResult(key()), options, pacer)
    {
    }

    /// <summary>
    /// Looks up what a create call needs. Where that fails in a way that leaves a create call open, it says that none was sent: nobody has
    /// to look for an instance that nobody asked for.
    /// </summary>
    public static async Task<T> BeforeSendingAsync<T>(Func<Task<T>> lookUp)
    {
        ArgumentNullException.ThrowIfNull(lookUp);
        try
        {
            return await lookUp();
        }
        catch (ProviderException failed) when (failed.Kind is ProviderErrorKind.Transient or ProviderErrorKind.Unknown or ProviderErrorKind.NotFound)
        {
            throw new ProviderException(ProviderErrorKind.RateLimited, $"nothing was rented, for what is needed first cannot be looked up: {failed.Message}", failed) { NothingSent = true };
        }
    }

    /// <summary>Sends and reads the answer, whatever its status; a refusal for the limit also holds the other calls of its lanes.</summary>
    /// <exception cref="ProviderException">RateLimited: not sent, or refused for the limit. Transient: no answer came. Unauthorized: the key is of another account than our books.</exception>
    public async Task<ApiAnswer> SendAsync(ApiCall call, CancellationToken cancellation)
    {
        // Before a place in the queue is taken for nothing.
        var secret = await key(cancellation);
        await RequireOursAsync(call, secret, cancellation);
        return await SendAsync(call, secret, cancellation);
    }

    private async Task RequireOursAsync(ApiCall call, string secret, CancellationToken cancellation)
    {
        if (guard is null)
        {
            return;
        }

        try
        {
            await guard.RequireAsync(account, options.BaseAddress, secret, call.Changes, options.Who is { } who ? token => WhoAsync(who, secret, token) : null, cancellation);
        }
        catch (ProviderException unknown) when (unknown.Kind is not (ProviderErrorKind.Unauthorized or ProviderErrorKind.RateLimited))
        {
            // A "not found" of this question must not be taken for one of the call.
            throw new ProviderException(call.Changes ? ProviderErrorKind.RateLimited : ProviderErrorKind.Transient, $"whose key it is cannot be told now, so nothing was sent: {unknown.Message}", unknown) { NothingSent = true };
        }
    }

    private async Task<ImmutableArray<string>> WhoAsync(AccountQuestion who, string secret, CancellationToken cancellation) => who.Marks(await SendAsync(who.Call, secret, cancellation));

    private async Task<ApiAnswer> SendAsync(ApiCall call, string secret, CancellationToken cancellation)
    {
        await pacer.WaitAsync(account, call.Lanes, call.Patience ?? options.Patience, cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(call.Changes ? options.WriteTimeout : options.ReadTimeout);
        try
        {
            using var request = Request(call, secret);
            using var response = await http.SendAsync(request, limit.Token);
            var text = Without(secret, await ReadAsync(call, response.Content, limit.Token));
            var answer = new ApiAnswer(response.StatusCode, text, ApiFields.Parse(text), RetryAfter(response.Headers.RetryAfter));
            if ((int)answer.Status == 429)
            {
                throw await HoldAsync(call, answer, cancellation);
            }

            // After a change the answer must not be lost to a hold that fails; the next call that reads is told the same.
            if (!call.Changes && response.Headers.TryGetValues(RateLimitHeader.Name, out var quotas) && RateLimitHeader.Wait(quotas) is { } wait)
            {
                await pacer.HoldAsync(account, call.Lanes, wait, cancellation);
            }

            return answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw NoAnswer(call, "no answer in time", null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw NoAnswer(call, Without(secret, failure.Message), failure);
        }
    }

    private HttpRequestMessage Request(ApiCall call, string secret)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(options.BaseAddress, call.Path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        request.Headers.UserAgent.ParseAdd(options.UserAgent);
        request.Headers.Accept.ParseAdd(call.Excerpt is null ? "application/json" : "text/event-stream");
        request.Content = call.Body is null ? null : new StringContent(call.Body.ToJsonString(), Encoding.UTF8, "application/json");
        return request;
    }

    private async Task<string> ReadAsync(ApiCall call, HttpContent content, CancellationToken cancellation)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (call.Excerpt is { } part)
        {
            enough.CancelAfter(part.Time);
        }

        using var body = new MemoryStream();
        try
        {
            await using var stream = await content.ReadAsStreamAsync(enough.Token);
            var piece = new byte[64 * 1024];
            while (!(body.Length >= call.Excerpt?.Bytes) && await stream.ReadAsync(piece, enough.Token) is > 0 and var read)
            {
                if (body.Length + read > options.MaxAnswer)
                {
                    throw new IOException($"the answer is longer than {options.MaxAnswer} bytes");
                }

                body.Write(piece, 0, read);
            }
        }
        catch (OperationCanceledException) when (call.Excerpt is not null && !cancellation.IsCancellationRequested)
        {
            // What has come is all that was wanted.
        }

        var text = Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length);
        // Of a line that was cut nobody knows what it says, nor whether our key was about to be in it.
        return call.Excerpt is null ? text : text[..(text.LastIndexOf('\n') + 1)];
    }

    private async Task<ProviderException> HoldAsync(ApiCall call, ApiAnswer answer, CancellationToken cancellation)
    {
        // Whatever a header says: what is rented must be destroyed today, not tomorrow.
        var asked = answer.RetryAfter ?? options.HoldAfterRefusal;
        var wait = asked < _longestHold ? asked : _longestHold;
        await pacer.HoldAsync(account, call.Lanes, wait, cancellation);
        return new ProviderException(ProviderErrorKind.RateLimited, $"{call}: {answer.Words}") { RetryAfter = wait };
    }

    private ProviderException NoAnswer(ApiCall call, string words, Exception? inner) =>
        new(ProviderErrorKind.Transient, $"{call} at {options.BaseAddress.Host}: {words}{(call.Changes ? "; nobody knows whether it took effect" : "")}", inner);

    /// <summary>APIs repeat what they were sent, and their answers become messages.</summary>
    private static string Without(string secret, string text) => secret.Length < 4 ? text : text.Replace(secret, "***", StringComparison.Ordinal);

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header?.Delta is { } delta && delta > TimeSpan.Zero ? delta : null;
}
