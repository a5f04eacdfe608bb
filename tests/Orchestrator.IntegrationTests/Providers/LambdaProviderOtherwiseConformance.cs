using Orchestrator.Emulators.Lambda;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>The suite with every switch the other way.</summary>
public sealed class LambdaProviderOtherwiseConformance() : LambdaConformance(Settings)
{
    public static LambdaSwitches Settings => new()
    {
        RateLimits = true,
        LimitCode = null,
        RetryAfter = TimeSpan.FromSeconds(3),
        FailureCode = "global/unknown",
        MissingKeyIs400 = false,
        DuplicateCode = "global/invalid-parameters",
        ErrorsHaveCodes = false,
        RefusesUnknownFields = true,
        OneBadIdFailsAll = false,
        BilledWhileUnhealthy = false,
        BilledWhileTerminating = true,
        RestartKeepsAddress = false,
        TakesBasic = false,
        RefusesQuantity = false,
        UserInDockerGroup = true,
        OpensPort22 = false,
        RenameMethod = "PATCH",
        ListLag = TimeSpan.FromSeconds(1),
        UnknownAtFirst = TimeSpan.FromSeconds(2),
        Booting = TimeSpan.FromSeconds(3),
        AddressLate = TimeSpan.FromSeconds(1),
        Terminating = TimeSpan.FromSeconds(2),
        TerminatedShown = TimeSpan.FromSeconds(2),
        FileSystemRelease = TimeSpan.FromSeconds(1),
    };
}
