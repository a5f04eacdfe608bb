using Orchestrator.Engine.Http;
using Orchestrator.Providers;
using Orchestrator.Providers.Http;
using Orchestrator.Providers.Lambda;
using Orchestrator.Providers.Renting;
using Orchestrator.Providers.RunPod;
using Orchestrator.Providers.VastAi;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>
/// What the suites over the emulators take for granted, asked of the real APIs: nothing is created, changed or destroyed. Whoever has a
/// key runs it with <c>ORCHESTRATOR_LIVE=vast</c>, and knows whether an API has changed since its contract was written down.
/// </summary>
public sealed class LiveAccountTests : IDisposable
{
    private readonly HttpMessageInvoker _http = WebHandlers.Create();

    /// <summary>As a server keeps to what is published: the account is somebody's.</summary>
    private readonly LonePacer _pacer = new(TimeProvider.System);

    public static TheoryData<string> Named => [.. (Environment.GetEnvironmentVariable(LiveTheoryAttribute.Switch) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

    public void Dispose() => _http.Dispose();

    [LiveTheory]
    [MemberData(nameof(Named))]
    public async Task Offers_have_prices_and_what_is_there_can_be_listed(string name)
    {
        var provider = Make(name);
        using var disposed = provider as IDisposable;

        _ = await ((IAccountSource)provider).GetAccountAsync(CancellationToken.None);
        var offers = await provider.ListOffersAsync(CancellationToken.None);
        var instances = await provider.ListInstancesAsync(CancellationToken.None);

        Assert.NotEmpty(offers);
        Assert.All(offers, offer => Assert.True(offer.PricePerHour > Money.Zero && offer.Gpu is { Length: > 0 } && offer.GpuMemoryGB > 0, offer.ToString()));
        Assert.All(instances, instance => Assert.NotEmpty(instance.InstanceId));
        if (provider is IChargeSource charges)
        {
            Assert.All(await charges.ListChargesAsync(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow, CancellationToken.None), charge => Assert.NotEmpty(charge.InstanceId));
        }
    }

    private IProvider Make(string name) => name switch
    {
        "vast" => new VastProvider(new VastOptions(), Client(name, new VastOptions().Api), new ThrowawayKeys(), TimeProvider.System),
        "runpod" => new RunPodProvider(new RunPodOptions(), Client(name, new RunPodOptions().Api), new ThrowawayKeys(), TimeProvider.System),
        "lambda" => new LambdaProvider(new LambdaOptions(), Client(name, new LambdaOptions().Api), new ThrowawayKeys(), TimeProvider.System),
        _ => throw new InvalidOperationException($"{LiveTheoryAttribute.Switch} names {name}, which is no provider"),
    };

    private ApiClient Client(string name, ApiOptions api)
    {
        var variable = name.ToUpperInvariant() + "_API_KEY";
        var key = Environment.GetEnvironmentVariable(variable) ?? throw new InvalidOperationException($"{variable} is not set");
        return new ApiClient(_http, name, () => key, api, _pacer);
    }
}
