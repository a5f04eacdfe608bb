using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Drills.Kit;

/// <summary>The HTTP API as a stranger would use it: no type of the server's, so that a renamed field shows.</summary>
public sealed class Api(Uri url, string tokenFile) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(60) };

    public Uri Url { get; } = url;

    public async Task<bool> IsHealthyAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var reply = await _http.GetAsync(new Uri("healthz", UriKind.Relative), limit.Token);
            return reply.IsSuccessStatusCode && File.Exists(tokenFile);
        }
        catch (Exception notYet) when (notYet is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <returns>The job's id.</returns>
    /// <exception cref="HttpRequestException">It was refused; the message holds the reply.</exception>
    public async Task<long> SubmitAsync(string specFile)
    {
        var reply = await SendAsync(HttpMethod.Post, "api/v1/jobs", new JsonObject
        {
            ["yaml"] = await File.ReadAllTextAsync(specFile),
            ["fileName"] = Path.GetFileName(specFile),
            ["folder"] = Path.GetDirectoryName(specFile),
        });
        return reply["job"]!["id"]!.GetValue<long>();
    }

    public Task<JsonNode> JobAsync(long job) => SendAsync(HttpMethod.Get, $"api/v1/jobs/{job}");

    public Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, "api/v1/" + path);

    public Task<JsonNode> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, "api/v1/" + path, body ?? new JsonObject());

    public async Task<string> LogAsync(long job)
    {
        using var request = Request(HttpMethod.Get, $"api/v1/jobs/{job}/logs");
        using var reply = await _http.SendAsync(request);
        return await reply.Content.ReadAsStringAsync();
    }

    /// <summary>A request of any kind with the token, for tests of what is refused.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(tokenFile).Trim());
        return request;
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = Request(method, path);
        request.Content = body is null ? null : JsonContent.Create(body);
        using var reply = await _http.SendAsync(request);
        var text = await reply.Content.ReadAsStringAsync();
        return reply.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new HttpRequestException($"{method} {path}: {(int)reply.StatusCode} {text}", null, reply.StatusCode);
    }
}
