using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Net.Http.Client;
using Orchestrator.Engine.Hosts.Ssh;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>HTTP to a machine's Docker for one question: what it knows of its connection is of no other question that is asked meanwhile.</summary>
/// <param name="dial">Opens a connection.</param>
/// <param name="byLine">The answer is a stream of lines, which goes on for as long as a pull does.</param>
internal sealed class DockerTransport(Func<CancellationToken, Task<ICommandStreams>> dial, bool byLine) : IDockerHandlerFactory<DockerTransport>
{
    private ICommandStreams? _opened;

    /// <summary>It has had a connection; else nothing is known of Docker.</summary>
    public bool WasOpen => _opened is not null;

    /// <param name="api">Null = whatever the daemon speaks.</param>
    public DockerClient Client(Version? api)
    {
        var builder = new DockerClientBuilder<DockerTransport>(this, this).WithEndpoint(new Uri("http://docker")).WithLogger(NullLogger.Instance).WithTimeout(Timeout.InfiniteTimeSpan);
        return (api is null ? builder : builder.WithApiVersion(api)).Build();
    }

    /// <summary>What the connection's command complained of: why there was no answer.</summary>
    public Task<string> ProblemsAsync() => _opened?.ProblemsAsync() ?? Task.FromResult("");

    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger)
    {
        var handler = new ManagedHandler(new ManagedHandler.StreamOpener(async (_, _, cancellation) => await OpenAsync(cancellation)), logger);
        return new ResolvedTransport(handler, clientOptions.Endpoint);
    }

    public ResolvedTransport CreateHandler(DockerTransport transportOptions, ResolvedClientOptions clientOptions, ILogger logger) => CreateHandler(clientOptions, logger);

    private async Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        _opened = await dial(cancellation);
        return new DialStdio(_opened, new AnswerBound(byLine));
    }

    /// <summary>For interactive sessions, of which there are none.</summary>
    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) => throw new NotSupportedException();
}
