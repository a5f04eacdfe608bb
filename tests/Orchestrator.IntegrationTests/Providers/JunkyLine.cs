using Orchestrator.Emulators;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Counts calls, and answers some with something else than the API would.</summary>
internal sealed class JunkyLine(IEmulatedApi api) : IEmulatedApi
{
    private int _calls;

    public int Calls => _calls;

    /// <summary>For reads whose path begins so; null = nothing is changed.</summary>
    public (string Path, string Body)? Instead { get; set; }

    /// <summary>For every call, whatever its method; null = nothing is changed.</summary>
    public EmulatedAnswer? Refusal { get; set; }

    public EmulatedAnswer Answer(EmulatedRequest request)
    {
        Interlocked.Increment(ref _calls);
        if (Refusal is { } refusal)
        {
            return refusal;
        }

        return Instead is { } instead && request.Method == "GET" && request.Path.StartsWith(instead.Path, StringComparison.Ordinal) ? new EmulatedAnswer(200, instead.Body) : api.Answer(request);
    }
}
