using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli.Contexts;

namespace Orchestrator.Server.Cli;

/// <summary>The command line's side of the API. Every failure is a <see cref="CliException"/>.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http;

    /// <param name="url">The server's.</param>
    /// <param name="token">Sent with each request.</param>
    /// <param name="authority">PEM of the only authority to trust; null = those of this machine.</param>
    internal ApiClient(Uri url, string token, string? authority = null)
    {
        // No proxy: the token must not pass through whatever http_proxy says.
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(10), SslOptions = authority is null ? new() : PrivateAuthority.Options(authority) };
        _http = new(handler) { BaseAddress = new Uri(url, "/api/v1/"), Timeout = RequestLimit };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    internal Uri Address => _http.BaseAddress!;

    internal async Task<T> GetAsync<T>(string path, CancellationToken cancellation) => await ReadAsync<T>(await SendAsync(HttpMethod.Get, path, null, cancellation), cancellation);

    internal async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) =>
        await ReadAsync<T>(await SendAsync(HttpMethod.Post, path, body, cancellation), cancellation);

    internal async Task<T> DeleteAsync<T>(string path, CancellationToken cancellation) => await ReadAsync<T>(await SendAsync(HttpMethod.Delete, path, null, cancellation), cancellation);

    internal async Task SendAsync(HttpMethod method, string path, CancellationToken cancellation, object? body = null) =>
        (await SendAsync(method, path, body, cancellation)).Dispose();

    /// <summary>The response with its headers read and its body still to come.</summary>
    internal Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    internal static string Job(string idOrName, string rest = "") => $"jobs/{Uri.EscapeDataString(idOrName.TrimStart('#'))}{rest}";

    internal static string Batch(string name, string rest = "") => $"batches/{Uri.EscapeDataString(name)}{rest}";

    internal static string Series(string id, string rest = "") => $"series/{Uri.EscapeDataString(id)}{rest}";

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: ApiJson.Options);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException strange) when (strange.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new CliException(
                ExitCodes.Unreachable, $"the certificate of {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)} is not trusted: {strange.InnerException?.Message ?? strange.Message}",
                "where it is of a private authority, name that one's certificate: --ca FILE");
        }
        catch (Exception away) when (away is HttpRequestException || (away is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CliException(ExitCodes.Unreachable, $"the server at {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)} does not answer", "orchestrator server status says more");
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusalAsync(response, cancellation);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        using (response)
        {
            try
            {
                return await response.Content.ReadFromJsonAsync<T>(ApiJson.Options, cancellation) ?? throw new JsonException("empty");
            }
            catch (Exception error) when (error is JsonException or HttpRequestException or IOException)
            {
                throw new CliException(ExitCodes.Unreachable, "the server's answer cannot be read", "is it of the same version? orchestrator version");
            }
        }
    }

    private static async Task<CliException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        ErrorReply? reply = null;
        try
        {
            reply = await response.Content.ReadFromJsonAsync<ErrorReply>(ApiJson.Options, cancellation);
        }
        catch (Exception error) when (error is JsonException or HttpRequestException or IOException or NotSupportedException)
        {
            // Something that is not our server answered; its status is all there is.
        }

        var code = ExitCodes.OfStatus((int)response.StatusCode);
        return reply?.Error is null
            ? new(code, $"the server answered {(int)response.StatusCode}", response.StatusCode == HttpStatusCode.Unauthorized ? "is it the server of this data folder?" : "see its log")
            : new(code, reply.Error, reply.WhatToDo ?? "", reply.Problems is { IsDefaultOrEmpty: false } problems ? [.. problems.Select(problem => problem.Text)] : null);
    }
}
