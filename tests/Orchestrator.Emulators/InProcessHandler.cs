using System.Text;

namespace Orchestrator.Emulators;

/// <summary>Leads a client straight to an emulator, without a network.</summary>
public sealed class InProcessHandler(IEmulatedApi api) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var text = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var query = request.RequestUri!.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => pair.Length > 1 ? Uri.UnescapeDataString(pair[1].Replace('+', ' ')) : "", StringComparer.Ordinal);
        var key = request.Headers.Authorization is { Scheme: "Bearer", Parameter: { } token } ? token : query.GetValueOrDefault("api_key");
        var answer = api.Answer(new(request.Method.Method, request.RequestUri.AbsolutePath.TrimStart('/'), query, key, text) { UserAgent = request.Headers.UserAgent.ToString(), BasicUser = EmulatedRequest.BasicUserOf(request.Headers.Authorization?.ToString()) });
        if (answer.Status == 0)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection was closed");
        }

        var response = new HttpResponseMessage((System.Net.HttpStatusCode)answer.Status) { RequestMessage = request, Content = ContentOf(answer) };
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private static HttpContent ContentOf(EmulatedAnswer answer)
    {
        if (answer.Later is null)
        {
            return new StringContent(answer.Body, Encoding.UTF8, answer.ContentType);
        }

        var content = new StreamContent(new OpenStream(Encoding.UTF8.GetBytes(answer.Body)));
        content.Headers.ContentType = new(answer.ContentType);
        return content;
    }
}
