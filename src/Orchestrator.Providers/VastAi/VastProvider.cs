using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.VastAi;

/// <summary>
/// Vast.ai: anybody's machines, on demand or by bid. An instance is our container. It is never stopped, only destroyed: a stopped one
/// is billed for its disk, and gets its card back when somebody else lets go of it.
/// </summary>
public sealed class VastProvider : IProvider, IChargeSource, IAccountSource, ISelfEnding, IMarketInParts, IDisposable
{
    internal const string ProviderName = "vast";

    /// <summary>Rows come by twenty-five at most; the order makes pages that do not overlap while instances come and go.</summary>
    private static readonly string _list = $"api/v1/instances/?limit=25&order_by={Uri.EscapeDataString("""[{"col":"id","dir":"asc"}]""")}";

    private readonly VastOptions _options;
    private readonly IReachKeys _keys;
    private readonly VastApi _api;
    private readonly VastMarket _market;
    private readonly VastCharges _charges;
    private readonly VastDoors _doors;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    /// <param name="options">How it is used.</param>
    /// <param name="client">Calls the API for the account.</param>
    /// <param name="keys">What instances are reached with.</param>
    /// <param name="time">For the age of what was seen.</param>
    /// <param name="log">Null = nobody reads it.</param>
    public VastProvider(VastOptions options, ApiClient client, IReachKeys keys, TimeProvider time, ILogger<VastProvider>? log = null)
    {
        _options = options;
        _keys = keys;
        _log = (ILogger?)log ?? NullLogger.Instance;
        _api = new VastApi(client);
        _market = new VastMarket(_api, options, time, _log);
        _charges = new VastCharges(_api);
        _doors = new VastDoors(time);
        _time = time;
    }

    public string Name => ProviderName;

    public Reconciling.ProviderTimings Timings => _options.Timings;

    /// <summary>Loading is free but for the disk, and so is being stopped.</summary>
    public Spending.BillingRules Billing { get; } = new() { Compute = Spending.BillingStart.Running };

    public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => _market.LookAsync(cancellation);

    public Task<IReadOnlyList<InstanceCharge>> ListChargesAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) => _charges.ListAsync(from, to, cancellation);

    public string? Unseen => _market.Unseen;

    public async Task<AccountState> GetAccountAsync(CancellationToken cancellation) => VastAccount.Read(await _api.AskAsync(VastAccount.Call, cancellation));

    public async Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) => (await ListWhatAnswersAsync(cancellation)).Instances;

    public async Task<InstanceList> ListWhatAnswersAsync(CancellationToken cancellation)
    {
        var askedAt = _time.GetTimestamp();
        var rows = await _api.AllPagesAsync(_list, "instances", "total_instances", path => new ApiCall(HttpMethod.Get, path) { Lanes = VastLanes.List }, cancellation);
        _doors.Saw(rows, askedAt);
        // What is created or destroyed while the pages are read may stand on two of them.
        return new([.. rows.Select(VastRecord.Read).OfType<ListedInstance>().DistinctBy(instance => instance.InstanceId)])
        {
            Foreign = [.. rows.Select(VastRecord.ReadForeign).OfType<ForeignInstance>().DistinctBy(instance => instance.InstanceId)],
        };
    }

    public async Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = VastOrder.Of(request, _options, _keys);
        var answer = await _api.SendAsync(call, cancellation);
        var made = answer.Fields["new_contract"].Text is { } id && VastAsk.IdOf(id) == id ? id : null;
        if (VastAsk.IdOf(request.Offer.OfferId) is { } ask)
        {
            // Whatever came of it: what we remember of that machine is old.
            _market.Forget(ask);
        }

        if (VastErrors.IsSuccess(answer))
        {
            return made ?? throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai, {call}: it does not name what was rented: {answer.Words}");
        }

        if (made is null)
        {
            throw VastErrors.Of(call, answer);
        }

        // A bid that is too low: refused, and yet there is an instance, stopped, whose disk is billed.
        await RidAsync(request.Label, made, cancellation);
        throw new ProviderException(ProviderErrorKind.NoCapacity, $"Vast.ai, {call}: {request.Offer.PricePerHour}/h was not enough; the stopped instance {made} that it left was destroyed");
    }

    public async Task DestroyAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var call = new ApiCall(HttpMethod.Delete, PathOf(instanceId)) { Body = new JsonObject(), Lanes = VastLanes.Destroy, Changes = true };
        _doors.Forget(instanceId);
        var answer = await _api.AskAsync(call, cancellation);
        // A page of a gateway with status 200 accepted nothing.
        if (answer.Fields.IsNone && answer.Status != HttpStatusCode.NoContent && answer.Text.Trim().Length > 0)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai, {call}: it does not say whether it destroys {instanceId}: {answer.Words}");
        }
    }

    public async Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var row = _doors.Find(instanceId) ?? await ShowAsync(instanceId, cancellation);
        if (!row.IsObject || row["label"].Text is not { } label)
        {
            throw new ProviderException(ProviderErrorKind.NotFound, $"Vast.ai has no instance {instanceId} of ours");
        }

        if (VastRecord.DoorOf(row, _options.SshPort) is not ({ } address, var port))
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"Vast.ai has no port for {instanceId} yet: {VastRecord.WordsOf(row)}");
        }

        var machine = new MachineAddress
        {
            Name = $"{ProviderName}-{instanceId}", Host = address, Port = port, User = "root", KeyFile = _keys.LoginKeyFile, HostKey = _keys.HostKeyOf(label).Fingerprint, IsHostKeyOurs = true,
        };
        return new SshEndpoint(machine, $"{_options.Folder}/instance", $"{_options.Folder}/orchestrator-agent") { IsOurContainer = true };
    }

    private async Task<ApiFields> ShowAsync(string instanceId, CancellationToken cancellation)
    {
        var answer = await _api.AskAsync(new ApiCall(HttpMethod.Get, PathOf(instanceId)) { Lanes = VastLanes.Show }, cancellation);
        // One instance, under a plural name; null or an empty array once it is destroyed.
        return answer.Fields["instances"] is { IsNone: false } row
            ? row
            : throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai does not tell of {instanceId}: {answer.Words}");
    }

    public TimeSpan? EndsAlone => StartScript.Alone;

    public Uri EndOf(string instanceId) => new(_options.Api.BaseAddress, PathOf(instanceId));

    public void Dispose() => _market.Dispose();

    private static string PathOf(string instanceId) => VastAsk.IdOf(instanceId) == instanceId
        ? $"api/v0/instances/{instanceId}/"
        : throw new ProviderException(ProviderErrorKind.NotFound, $"\"{OneLine.Of(instanceId, 40)}\" is no instance of Vast.ai");

    /// <exception cref="ProviderException">Unknown: it is there, and its label will be found.</exception>
    private async Task RidAsync(string label, string instanceId, CancellationToken cancellation)
    {
        try
        {
            await DestroyAsync(instanceId, cancellation);
        }
        catch (ProviderException gone) when (gone.Kind == ProviderErrorKind.NotFound)
        {
            _log.LogInformation("Vast.ai keeps nothing of the bid for {Label} that it refused", label);
        }
        catch (ProviderException left)
        {
            throw new ProviderException(ProviderErrorKind.Unknown, $"Vast.ai refused the bid of {label} and left instance {instanceId}, stopped, which could not be destroyed: {left.Message}", left);
        }
    }
}
