using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Client;
using Orchestrator.Engine.Hosts.Ssh;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>HTTP to a machine's Docker, each request on a <see cref="DialStdio"/> of its own.</summary>
internal sealed class DockerTransport(SshLinks links) : IDockerHandlerFactory<DockerTransport>
{
    private volatile DialStdio? _last;

    /// <summary>The last request was given up before it had a connection: nothing is known of Docker then.</summary>
    public bool WasNeverOpen { get; private set; }

    /// <summary>The next request is answered by a stream of lines, which goes on for as long as a pull does.</summary>
    public bool ReadsLines { get; set; }

    /// <summary>What the newest connection's command complained of: why a request got no answer.</summary>
    public Task<string> ProblemsAsync() => _last?.ProblemsAsync() ?? Task.FromResult("");

    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger)
    {
        var handler = new ManagedHandler(new ManagedHandler.StreamOpener(async (_, _, cancellation) => await OpenAsync(cancellation)), logger);
        return new ResolvedTransport(handler, clientOptions.Endpoint);
    }

    public ResolvedTransport CreateHandler(DockerTransport transportOptions, ResolvedClientOptions clientOptions, ILogger logger) => CreateHandler(clientOptions, logger);

    private async Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        WasNeverOpen = true;
        _last = await DialStdio.OpenAsync(links, new AnswerBound(ReadsLines), cancellation);
        WasNeverOpen = false;
        return _last;
    }

    /// <summary>For interactive sessions, of which there are none.</summary>
    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => throw new NotSupportedException();
}
