using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Asks the real rental APIs, reading only. Opt-in: it needs somebody's keys and the internet.</summary>
internal sealed class LiveTheoryAttribute : TheoryAttribute
{
    public const string Switch = "ORCHESTRATOR_LIVE";

    public LiveTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable(Switch) is not { Length: > 0 })
        {
            Skip = $"{Switch}=vast,runpod,lambda with their keys (VAST_API_KEY, RUNPOD_API_KEY, LAMBDA_API_KEY) asks the real APIs, reading only";
        }
    }
}
