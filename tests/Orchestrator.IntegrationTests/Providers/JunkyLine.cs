using System.Collections.Concurrent;
using Orchestrator.Emulators;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Counts and keeps calls, and answers some with something else than the API would.</summary>
internal sealed class JunkyLine(IEmulatedApi api) : IEmulatedApi
{
    private readonly ConcurrentQueue<EmulatedRequest> _asked = new();

    public int Calls => _asked.Count;

    /// <summary>Every call that came.</summary>
    public IReadOnlyCollection<EmulatedRequest> Asked => _asked;

    /// <summary>For calls of this method whose path begins so, with or without acting first; null = nothing is changed.</summary>
    public (string Method, string Path, EmulatedAnswer Answer, bool Acts)? Instead { get; set; }

    /// <summary>For every call, whatever its method; null = nothing is changed.</summary>
    public EmulatedAnswer? Refusal { get; set; }

    public EmulatedAnswer Answer(EmulatedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _asked.Enqueue(request);
        if (Refusal is { } refusal)
        {
            return refusal;
        }

        if (Instead is not { } instead || request.Method != instead.Method || !request.Path.StartsWith(instead.Path, StringComparison.Ordinal))
        {
            return api.Answer(request);
        }

        if (instead.Acts)
        {
            api.Answer(request);
        }

        return instead.Answer;
    }
}
