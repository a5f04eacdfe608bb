using Orchestrator.Emulators;

namespace Orchestrator.Tests.Emulators;

/// <summary>An emulator that goes by its client's clock, which is made with what leads to the emulator.</summary>
internal sealed class LateApi(Func<IEmulatedApi> api) : IEmulatedApi
{
    public EmulatedAnswer Answer(EmulatedRequest request) => api().Answer(request);
}
