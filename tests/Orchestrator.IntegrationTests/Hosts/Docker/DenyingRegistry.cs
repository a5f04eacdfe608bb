using System.Net;
using System.Text;
using Orchestrator.Drills.Kit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>
/// A registry, seen through somebody who denies it to Docker: a proxy that lets the server's own questions through. It lets Docker in once
/// the server has asked for itself after a denial; or denies everybody from the first denial on.
/// </summary>
public sealed class DenyingRegistry : IDisposable
{
    private static readonly byte[] _denied = Encoding.UTF8.GetBytes("""{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}""");
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly Uri _registry;
    private readonly bool _everybody;
    private bool _hasDenied;
    private bool _isOpen;

    public DenyingRegistry(string registry, bool everybody)
    {
        (_registry, _everybody) = (new Uri("http://" + registry), everybody);
        Host = FormattableString.Invariant($"127.0.0.1:{Sshd.FreePort("127.0.0.1")}");
        _listener.Prefixes.Add($"http://{Host}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Host { get; }

    public void Dispose()
    {
        _listener.Close();
        _http.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var denies = Denies(context.Request);
                _ = denies ? DenyAsync(context.Response) : PassAsync(context);
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private bool Denies(HttpListenerRequest request)
    {
        if (request.Url!.AbsolutePath == "/v2/")
        {
            return false;
        }

        var isDocker = request.UserAgent?.StartsWith("docker/", StringComparison.Ordinal) ?? false;
        _isOpen |= _hasDenied && !isDocker && !_everybody;
        var denies = isDocker ? !_isOpen : _everybody && _hasDenied;
        _hasDenied |= denies;
        return denies;
    }

    private static async Task DenyAsync(HttpListenerResponse answer)
    {
        answer.StatusCode = 403;
        answer.ContentType = "application/json";
        await answer.OutputStream.WriteAsync(_denied);
        answer.Close();
    }

    private async Task PassAsync(HttpListenerContext context)
    {
        using var question = new HttpRequestMessage(new HttpMethod(context.Request.HttpMethod), new Uri(_registry, context.Request.RawUrl));
        foreach (var name in (string[])["Authorization", "Accept", "Range"])
        {
            if (context.Request.Headers.GetValues(name) is { } values)
            {
                question.Headers.TryAddWithoutValidation(name, values);
            }
        }

        using var answer = await _http.SendAsync(question, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(one => one.Key is "Www-Authenticate" or "WWW-Authenticate" or "Docker-Content-Digest" or "Content-Type" or "Docker-Distribution-Api-Version"))
        {
            context.Response.AddHeader(name, string.Join(", ", values));
        }

        if (answer.Content.Headers.ContentLength is { } length)
        {
            context.Response.ContentLength64 = length;
        }

        if (context.Request.HttpMethod != "HEAD")
        {
            await answer.Content.CopyToAsync(context.Response.OutputStream);
        }

        context.Response.Close();
    }
}
