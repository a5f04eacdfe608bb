using System.Net;
using System.Text;
using Orchestrator.Drills.Kit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>A registry that shows an image to whoever submits a job, and has none any more when Docker comes for it. Docker talks to one on a loopback address without TLS.</summary>
public sealed class EmptiedRegistry : IDisposable
{
    private static readonly byte[] _unknown = Encoding.UTF8.GetBytes("""{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
    private static readonly byte[] _manifest = Encoding.UTF8.GetBytes("""{"schemaVersion":2,"layers":[]}""");
    private readonly HttpListener _listener = new();

    public EmptiedRegistry()
    {
        var port = Sshd.FreePort("127.0.0.1");
        Host = FormattableString.Invariant($"127.0.0.1:{port}");
        _listener.Prefixes.Add($"http://{Host}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public string Host { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var isGreeting = context.Request.Url!.AbsolutePath == "/v2/";
                var isDocker = context.Request.UserAgent?.StartsWith("docker/", StringComparison.Ordinal) ?? false;
                context.Response.StatusCode = isGreeting || !isDocker ? 200 : 404;
                context.Response.ContentType = "application/json";
                context.Response.AddHeader("Docker-Distribution-Api-Version", "registry/2.0");
                if (!isGreeting && context.Request.HttpMethod != "HEAD")
                {
                    await context.Response.OutputStream.WriteAsync(isDocker ? _unknown : _manifest);
                }

                context.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
