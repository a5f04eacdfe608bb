namespace Orchestrator.Engine.Observing.Network;

/// <summary>Notes of every request whom it goes to, and that an answer came, whatever it says.</summary>
internal sealed class AnswersNoted(OwnNetwork network, SocketsHttpHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var to = request.RequestUri!;
        network.Tries(new(to.IdnHost, IsDirect(to) ? to.Port : 0));
        var answer = await base.SendAsync(request, cancellationToken);
        network.Answered(to.IdnHost);
        return answer;
    }

    private bool IsDirect(Uri to) => !inner.UseProxy || (inner.Proxy ?? HttpClient.DefaultProxy) is not { } proxy || proxy.IsBypassed(to) || proxy.GetProxy(to) is null;
}
