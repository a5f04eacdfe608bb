using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Installations;

namespace Orchestrator.IntegrationTests.Installations;

internal sealed class MemoryMirror : IInstallationMirror
{
    private readonly Dictionary<string, string> _objects = [];

    public bool Away { get; set; }

    public int Writes { get; private set; }

    public Func<Task>? WhileReading { get; set; }

    public async Task<string?> ReadAsync(string epoch, CancellationToken cancellation)
    {
        await (WhileReading?.Invoke() ?? Task.CompletedTask);
        return Away ? throw new StoreException(StoreErrorKind.Transient, "away") : _objects.GetValueOrDefault(epoch);
    }

    public Task WriteAsync(string epoch, string json, CancellationToken cancellation)
    {
        if (Away)
        {
            throw new StoreException(StoreErrorKind.Transient, "away");
        }

        Writes++;
        _objects[epoch] = json;
        return Task.CompletedTask;
    }
}
