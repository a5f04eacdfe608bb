using System.Net;
using System.Text;
using Orchestrator.Drills.Kit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>A registry that has no image at all. Docker talks to one on a loopback address without TLS.</summary>
public sealed class EmptyRegistry : IDisposable
{
    private static readonly byte[] _unknown = Encoding.UTF8.GetBytes("""{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
    private readonly HttpListener _listener = new();

    public EmptyRegistry()
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
                context.Response.StatusCode = isGreeting ? 200 : 404;
                context.Response.ContentType = "application/json";
                context.Response.AddHeader("Docker-Distribution-Api-Version", "registry/2.0");
                if (!isGreeting && context.Request.HttpMethod != "HEAD")
                {
                    await context.Response.OutputStream.WriteAsync(_unknown);
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
