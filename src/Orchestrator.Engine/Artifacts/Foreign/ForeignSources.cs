using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Artifacts.Foreign;

/// <summary>Data from <c>https://</c> and <c>hf://</c>: looked at here when a job is submitted, fetched by hosts.</summary>
public sealed class ForeignSources : IDisposable
{
    private readonly PatientClient _http;
    private readonly WebSources _web;
    private readonly HubSources _hub;

    /// <param name="http">Does not follow redirects; disposed with this.</param>
    /// <param name="hub">Where the Hub is.</param>
    /// <param name="tokens">For its token.</param>
    public ForeignSources(PatientClient http, HubSettings hub, TokenReader tokens)
    {
        _http = http;
        var (objects, client) = (new WebObjects(http), new HubClient(hub, http, tokens));
        (_web, _hub) = (new(objects), new(client));
        Origins = new(objects, client);
    }

    public ForeignOrigins Origins { get; }

    /// <summary>Throws <see cref="StoreException"/>.</summary>
    internal Task<ListedSource> ListWebAsync(DataMount mount, int index, CancellationToken cancellation) => _web.ListAsync(mount, index, cancellation);

    /// <summary>Throws <see cref="StoreException"/>.</summary>
    internal Task<HubListing> ListHubAsync(DataMount mount, int index, string scratch, CancellationToken cancellation) => _hub.ListAsync(mount, index, scratch, cancellation);

    public void Dispose() => _http.Dispose();
}
