using System.Net;
using System.Text.Json.Nodes;

namespace Orchestrator.Tests.Http;

/// <summary>
/// Answers each request with the first line of its script whose method and path it begins with. A line is used up where another of its
/// kind follows; what no line names is a failure of the test.
/// </summary>
internal sealed class ScriptedServer(params (string Request, int Status, string Body)[] script)
{
    private readonly List<(string Request, int Status, string Body)> _left = [.. script];

    /// <summary>Method, path and body of every request.</summary>
    public List<(string Method, string Path, JsonNode? Body)> Sent { get; } = [];

    public HttpMessageHandler Handler => new ScriptedHandler(Answer);

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var path = request.RequestUri!.PathAndQuery;
        Sent.Add((request.Method.Method, path, request.Content is null ? null : JsonNode.Parse(new StreamReader(request.Content.ReadAsStream()).ReadToEnd())));
        var at = _left.FindIndex(one => $"{request.Method} {path}".StartsWith(one.Request, StringComparison.Ordinal));
        if (at < 0)
        {
            throw new InvalidOperationException($"no script for {request.Method} {path}");
        }

        var (line, status, body) = _left[at];
        if (_left.FindLastIndex(one => one.Request == line) != at)
        {
            _left.RemoveAt(at);
        }

        return ScriptedHandler.Text(body, (HttpStatusCode)status);
    }
}
