using Orchestrator.Emulators.RunPod;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>The suite with every switch the other way.</summary>
public sealed class RunPodProviderOtherwiseConformance() : RunPodConformance(Settings)
{
    public static RunPodSwitches Settings => new()
    {
        RunningAtOnce = false,
        Pagination = false,
        PageRows = 1000,
        CostKeptWhenExited = false,
        TakesCmdAndEntrypoint = false,
        TakesHostFilters = false,
        DiskRequired = false,
        UnknownCardStatus = 422,
        NoCloudMeansAny = true,
        WordsAboutBalance = false,
        PullFailureIsError = true,
        BilledWhilePulling = false,
        PodKeyEndsPod = false,
        RestartMovesPorts = false,
        DeletesMountedVolumes = true,
        FirstApiRetired = false,
        GraphQlRetired = true,
        GraphQlEvery = TimeSpan.FromSeconds(30),
        ConflictWords = "the pod does not take this now",
        RefusesNamelessClients = false,
        MostImageGB = null,
        StartsWithoutCards = true,
        SpotRetired = false,
        Quotas = null,
        ListLag = TimeSpan.FromMilliseconds(300),
        Provisioning = TimeSpan.FromMilliseconds(100),
        Pulling = TimeSpan.FromMilliseconds(200),
        Opening = TimeSpan.FromMilliseconds(100),
    };

    /// <summary>Its first create finds out which fields are not taken and asks again without them: the faults of the suite are meant for a create that counts.</summary>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await EndAsync(await CreateAsync("orc-test-0-1"));
    }
}
