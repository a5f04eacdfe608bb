using Orchestrator.Providers.Http;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>An emulator without limits needs no pace.</summary>
internal sealed class NoPacer : IRequestPacer
{
    public Task WaitAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan patience, CancellationToken cancellation) => Task.CompletedTask;

    public Task HoldAsync(string account, IReadOnlyList<PaceLane> lanes, TimeSpan wait, CancellationToken cancellation) => Task.CompletedTask;
}
