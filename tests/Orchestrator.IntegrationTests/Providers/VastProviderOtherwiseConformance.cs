using Orchestrator.Emulators.Vast;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>The suite with every switch the other way.</summary>
public sealed class VastProviderOtherwiseConformance() : VastConformance(Settings)
{
    /// <summary>Of the other answers to a vanished offer, the one that is no failure by its status; all four are in the emulator's own tests.</summary>
    public static VastSwitches Settings => new()
    {
        RateLimits = true,
        JsonRefusals = true,
        RetryAfter = TimeSpan.FromSeconds(3),
        UnknownKeyStatus = 401,
        NoCreditStatus = 402,
        NoCreditIsSpendRate = true,
        ChargesDelay = TimeSpan.FromMinutes(30),
        SearchRows = 2,
        VanishedStatus = 200,
        OutbidStaysWanted = true,
        AfterDestroy = "[]",
        OldList = true,
        PaysTheBid = true,
        BilledWhileExited = false,
        BilledWhileUnknown = false,
        BilledWhileRebooting = false,
        BilledWhileRecycling = false,
        Restarting = TimeSpan.FromSeconds(1),
        UnknownBeforeOffline = TimeSpan.FromSeconds(1),
        ExpiredStaysWanted = true,
        QueuedStartFires = true,
        LongestOnStart = 4096,
        LongestLabel = 1024,
        TakesEnvText = false,
        RedirectsMissingSlash = false,
        AddsSearchDefaults = true,
        FiltersLeak = true,
        OffersShowWholeHost = true,
        PortsOfBothFamilies = true,
        ServerErrorStatus = 400,
        BilledInGigabytes = true,
        GivesKeyToArgs = false,
        ListLag = TimeSpan.FromSeconds(2),
        Provisioning = TimeSpan.FromSeconds(1),
        Creating = TimeSpan.FromSeconds(1),
        Loading = TimeSpan.FromSeconds(2),
        Opening = TimeSpan.FromSeconds(1),
    };
}
