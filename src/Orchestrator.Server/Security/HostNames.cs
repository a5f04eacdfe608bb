using System.Net;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Security;

/// <summary>
/// The names under which this server answers. A web page elsewhere can point its own name at 127.0.0.1 and have the browser
/// talk to us as "same origin"; its name in the Host header gives it away.
/// </summary>
public sealed class HostNames(IEnumerable<string> configured)
{
    private readonly HashSet<string> _names = new(configured, StringComparer.OrdinalIgnoreCase) { "localhost" };

    public bool Accepts(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            return false;
        }

        return _names.Contains(host) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
    }

    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (Accepts(context.Request.Host.Host))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        await context.Response.WriteAsJsonAsync(
            new ErrorReply("this server does not answer to that host name", "use the address that `orchestrator server status` prints, or add the name to server.hosts in orchestrator.yaml"),
            ApiJson.Options,
            context.RequestAborted);
    }
}
