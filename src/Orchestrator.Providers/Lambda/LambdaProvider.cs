using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Offers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Renting;

namespace Orchestrator.Providers.Lambda;

/// <summary>
/// Lambda: virtual machines with a Docker daemon, on demand. There is no stop, no end of their own, no bill that can be read and no
/// balance: what a machine costs follows from its price, and only a destroy ends it.
/// </summary>
public sealed class LambdaProvider : IProvider, IAccountSource, IDisposable
{
    internal const string ProviderName = "lambda";

    private readonly LambdaOptions _options;
    private readonly IReachKeys _keys;
    private readonly LambdaApi _api;
    private readonly LambdaKeys _accountKeys;
    private readonly SeenStock _stock;

    /// <param name="options">How it is used.</param>
    /// <param name="client">Calls the API for the account.</param>
    /// <param name="keys">What instances are reached with.</param>
    /// <param name="time">For the age of what was seen.</param>
    /// <param name="log">Null = nobody reads it.</param>
    public LambdaProvider(LambdaOptions options, ApiClient client, IReachKeys keys, TimeProvider time, ILogger<LambdaProvider>? log = null)
    {
        _options = options;
        _keys = keys;
        _api = new LambdaApi(client);
        _accountKeys = new LambdaKeys(_api);
        _stock = new SeenStock(options.Stock, time, offer => offer.Id, new LambdaMarket(_api, (ILogger?)log ?? NullLogger.Instance).ReadAsync);
    }

    public string Name => ProviderName;

    public Reconciling.ProviderTimings Timings => _options.Timings;

    /// <summary>From the first health check on.</summary>
    public Spending.BillingRules Billing { get; } = new() { Compute = Spending.BillingStart.Running, Disk = Spending.BillingStart.Running };

    public Task<IReadOnlyList<Offer>> ListOffersAsync(CancellationToken cancellation) => _stock.LookAsync(cancellation);

    /// <summary>Says that the key is good, and nothing else: there is no balance to read.</summary>
    public async Task<AccountState> GetAccountAsync(CancellationToken cancellation) =>
        new(null, null) { LoginKey = await _accountKeys.FindAsync(_keys.LoginKey, cancellation) ?? "" };

    public async Task<IReadOnlyList<ListedInstance>> ListInstancesAsync(CancellationToken cancellation) => (await ListWhatAnswersAsync(cancellation)).Instances;

    public async Task<InstanceList> ListWhatAnswersAsync(CancellationToken cancellation)
    {
        var rows = await _api.AllInstancesAsync(cancellation);
        return new([.. rows.Select(LambdaInstance.Read).OfType<ListedInstance>().DistinctBy(instance => instance.InstanceId)])
        {
            Foreign = [.. rows.Select(LambdaAccount.ReadForeign).OfType<ForeignInstance>().DistinctBy(instance => instance.InstanceId)],
        };
    }

    public async Task<string> CreateAsync(LaunchRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var call = LambdaOrder.Of(request, _options, _keys, await ApiClient.BeforeSendingAsync(() => _accountKeys.NameOfAsync(_keys.LoginKey, cancellation)));
        var answer = await _api.SendAsync(call, cancellation);
        if (answer.IsSuccess)
        {
            return answer.Fields["data"]["instance_ids"].Items.FirstOrDefault().Text is { } id && LambdaInstance.IsId(id)
                ? id
                : throw new ProviderException(ProviderErrorKind.Unknown, $"Lambda, {call}: it does not name what was launched: {answer.Words}");
        }

        var failure = LambdaErrors.Of(call, answer, launches: true);
        if (failure.Kind == ProviderErrorKind.NoCapacity)
        {
            _stock.Refuse(request.Offer.OfferId);
        }

        throw failure;
    }

    public async Task DestroyAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var call = new ApiCall(HttpMethod.Post, "api/v1/instance-operations/terminate") { Body = new JsonObject { ["instance_ids"] = new JsonArray(Checked(instanceId)) }, Lanes = LambdaLanes.All, Changes = true };
        try
        {
            var ended = await _api.AskAsync(call, cancellation);
            if (!ended["terminated_instances"].Items.Any(one => one["id"].Text == instanceId))
            {
                throw new ProviderException(ProviderErrorKind.Unknown, $"Lambda, {call}: {instanceId} is not among what it terminates");
            }
        }
        catch (ProviderException gone) when (gone.Kind == ProviderErrorKind.NotFound)
        {
            // Just after its launch an instance is now and then not known by its id; then it is still in the list, and owed an end.
            var rows = await _api.AllInstancesAsync(cancellation);
            throw rows.Any(row => row["id"].Text == instanceId && row["status"].Text is not ("terminated" or "preempted"))
                ? new ProviderException(ProviderErrorKind.Transient, $"Lambda lists {instanceId} and does not know it: {gone.Message}", gone)
                : new ProviderException(ProviderErrorKind.NotFound, gone.Message, gone);
        }
    }

    public async Task<HostEndpoint> GetEndpointAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(instanceId);
        var row = await _api.AskAsync(new ApiCall(HttpMethod.Get, $"api/v1/instances/{Checked(instanceId)}") { Lanes = LambdaLanes.All }, cancellation);
        if (LambdaInstance.LabelOf(row) is not { } label)
        {
            throw new ProviderException(ProviderErrorKind.NotFound, $"Lambda has no instance {instanceId} of ours");
        }

        if (row["status"].Text is not ("active" or "unhealthy") || LambdaInstance.AddressOf(row) is not { } address)
        {
            throw new ProviderException(ProviderErrorKind.Transient, $"Lambda has no address for {instanceId}: {LambdaInstance.WordsOf(row)}");
        }

        var machine = new MachineAddress
        {
            Name = $"{ProviderName}-{instanceId}", Host = address, Port = _options.SshPort, User = _options.User, KeyFile = _keys.LoginKeyFile, HostKey = _keys.HostKeyOf(label).Fingerprint, IsHostKeyOurs = true,
        };
        var folder = _options.FolderOf(label);
        return new SshEndpoint(machine, $"{folder}/instances/{instanceId}/root", $"{folder}/orchestrator-agent") { IsOurMachine = true };
    }

    public void Dispose() => _stock.Dispose();

    private static string Checked(string instanceId) => LambdaInstance.IsId(instanceId)
        ? instanceId
        : throw new ProviderException(ProviderErrorKind.NotFound, $"\"{OneLine.Of(instanceId, 40)}\" is no instance of Lambda");
}
