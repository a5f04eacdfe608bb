using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.RunPod;

/// <summary>
/// RunPod by its REST API, version 2: data centres (Secure) and private hosts (Community), on demand. An instance is our container.
/// It is never stopped, only destroyed: a stopped one loses its card to others. It has no end of its own that could be asked for.
/// </summary>
public sealed class RunPodProvider : IProvider, IChargeSource, IAccountSource, ISelfEnding, IDisposable
{
    internal const string ProviderName = "runpod";

    private readonly RunPodOptions _options;
    private readonly IReachKeys _keys;
    private readonly RunPodApi _api;
    private readonly SeenStock _stock;
    private readonly RunPodRegistries _registries;
    private readonly RunPodCharges _charges;
    private readonly RunPodBalance _balance;
    private readonly RunPodReasons _reasons;
    private readonly ILogger _log;

    /// <summary>Older servers refuse them; then offers name what hosts usually have.</summary>
    private volatile bool _takesFilters = true;

    /// <param name="options">How it is used.</param>
    /// <param name="client">Calls the API for the account.</param>
    /// <param name="keys">What instances are reached with.</param>
    /// <param name="time">For the age of what was seen.</param>
    /// <param name="log">Null = nobody reads it.</param>
    public RunPodProvider(RunPodOptions options, ApiClient client, IReachKeys keys, TimeProvider time, ILogger<RunPodProvider>? log = null)
    {
        _options = options;
        _keys = keys;
        _log = (ILogger?)log ?? NullLogger.Instance;
        _api = new RunPodApi(client);
        _stock = new SeenStock(options.Stock, time, RunPodMarket.StockOf, new RunPodMarket(_api, options, _log).ReadAsync);
        _registries = new RunPodRegistries(_api);
        _charges = new RunPodCharges(_api);
        _balance = new RunPodBalance(client, _log);
        _reasons = new RunPodReasons(_api, options, time, _log);
    }

    public string Name => ProviderName;

    public Reconciling.ProviderTimings Timings => _options.Timings;

    public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => _stock.LookAsync(cancellation);

    public Task<IReadOnlyList<InstanceCharge>> ListChargesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) => _charges.ListAsync(from, to, cancellation);

    public async Task<AccountState> GetAccountAsync(CancellationToken cancellation)
    {
        // That the key is good is the newer API's to say.
        var call = new ApiCall(HttpMethod.Get, "v2/pods?includeClusterPods=false&limit=1") { Lanes = RunPodLanes.All };
        var answer = await _api.AskAsync(call, cancellation);
        if (!answer.Fields["pods"].IsArray)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {call}: the answer has no pods, so nobody knows whether the key is good: {answer.Words}");
        }

        return await _balance.ReadAsync(cancellation);
    }

    public async Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) => (await ListWhatAnswersAsync(cancellation)).Instances;

    public async Task<InstanceList> ListWhatAnswersAsync(CancellationToken cancellation)
    {
        var rows = await _api.AllPodsAsync(cancellation);
        // What is created or destroyed while the pages are read may stand on two of them.
        ListedInstance[] ours = [.. rows.Select(row => RunPodPod.Read(row, _options.SshPort)).OfType<ListedInstance>().DistinctBy(instance => instance.InstanceId)];
        return new(await _reasons.ExplainAsync(ours, cancellation))
        {
            Foreign = [.. rows.Select(RunPodAccount.ReadForeign).OfType<ForeignInstance>().DistinctBy(instance => instance.InstanceId)],
        };
    }

    public async Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var place = RunPodPlace.Parse(request.Offer.OfferId) ?? throw new ProviderException(ProviderErrorKind.NoCapacity, $"{OneLine.Of(request.Offer.OfferId, 100)} is no offer of RunPod");
        var registry = request.Image is { User: not null, Password: not null } image ? await ApiClient.BeforeSendingAsync(() => _registries.IdOfAsync(image, cancellation)) : null;
        // Within one major version an older driver serves a newer image; below what the job asks for none does.
        var least = request.Cuda ?? (place.Cuda is { } newest ? new CudaVersion(newest.Major, 0) : null);
        place = place with { Cuda = place.Cuda ?? least };
        var (call, answer) = await OrderAsync(place, least, request, registry, cancellation);
        if (answer.IsSuccess)
        {
            return answer.Fields["id"].Text is { } id && RunPodPod.IsId(id) ? id : throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {call}: it does not name what was rented: {answer.Words}");
        }

        var failure = RunPodErrors.Of(call, answer, creates: true);
        if (failure.Kind == ProviderErrorKind.NoCapacity)
        {
            _stock.Refuse(place.Stock.ToString());
        }

        throw failure;
    }

    /// <summary>What was refused has rented nothing: to ask again for less is no second rental.</summary>
    private async Task<(ApiCall Call, ApiAnswer Answer)> OrderAsync(RunPodPlace place, CudaVersion? least, LaunchRequest request, string? registry, CancellationToken cancellation)
    {
        while (true)
        {
            var filters = _takesFilters;
            var call = RunPodOrder.Of(place, request, _options, _keys, registry, filters);
            var answer = await _api.SendAsync(call, cancellation);
            if (filters && RunPodErrors.KnowsNot(answer, RunPodOrder.MemoryFilter, RunPodOrder.CpuFilter))
            {
                _takesFilters = false;
                _log.LogWarning("RunPod takes no demands on a host's CPUs and memory: what its offers name of them is what hosts usually have");
            }
            else if (place.Cuda != least && IsNone(call, answer))
            {
                // The newest driver may be in another place than this one, or taken: what the job needs will do.
                place = place with { Cuda = least };
            }
            else
            {
                return (call, answer);
            }
        }
    }

    private static bool IsNone(ApiCall call, ApiAnswer answer) => !answer.IsSuccess && RunPodErrors.Of(call, answer, creates: true).Kind == ProviderErrorKind.NoCapacity;

    public async Task DestroyAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var call = new ApiCall(HttpMethod.Delete, PathOf(instanceId)) { Lanes = RunPodLanes.All, Changes = true };
        var answer = await _api.AskAsync(call, cancellation);
        // A page of a gateway with status 200 accepted nothing.
        if (answer.Status != HttpStatusCode.NoContent && answer.Fields.IsNone && answer.Text.Trim().Length > 0)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {call}: it does not say whether it destroys {instanceId}: {answer.Words}");
        }
    }

    public async Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var call = new ApiCall(HttpMethod.Get, PathOf(instanceId)) { Lanes = RunPodLanes.All };
        var answer = await _api.AskAsync(call, cancellation);
        var pod = answer.Fields;
        if (pod["name"].Text is not { } label)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"RunPod, {call}: it does not tell of {instanceId}: {answer.Words}");
        }

        if (RunPodPod.DoorOf(pod, _options.SshPort) is not ({ } address, var port))
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"RunPod has no port for {instanceId}: {RunPodPod.WordsOf(pod, _options.SshPort)}");
        }

        _reasons.Dialled(instanceId);
        var machine = new MachineAddress
        {
            Name = $"{ProviderName}-{instanceId}", Host = address, Port = port, User = "root", KeyFile = _keys.LoginKeyFile, HostKey = _keys.HostKeyOf(label).Fingerprint, IsHostKeyOurs = true,
        };
        return new SshEndpoint(machine, $"{_options.Folder}/instance", $"{_options.Folder}/orchestrator-agent") { IsOurContainer = true };
    }

    /// <summary>Pods have a key of their own (<c>RUNPOD_API_KEY</c>); nobody has confirmed what it may do here.</summary>
    public bool IsSelfEndConfirmed => false;

    public TimeSpan? EndsAlone => StartScript.Alone;

    public Uri EndOf(string instanceId) => new(_options.Api.BaseAddress, PathOf(instanceId));

    public void Dispose() => _stock.Dispose();

    private static string PathOf(string instanceId) => RunPodPod.IsId(instanceId)
        ? $"v2/pods/{instanceId}"
        : throw new ProviderException(ProviderErrorKind.NotFound, $"\"{OneLine.Of(instanceId, 40)}\" is no pod of RunPod");
}
