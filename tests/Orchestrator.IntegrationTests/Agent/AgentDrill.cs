using Xunit;

namespace Orchestrator.IntegrationTests.Agent;

/// <summary>Drills on one instance and one store, both new for every test.</summary>
public abstract class AgentDrill : IAsyncLifetime
{
    protected AgentInstance Instance { get; private set; } = null!;

    protected TestStore Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Instance = new AgentInstance();
        Store = await TestStore.StartAsync();
    }

    public async Task DisposeAsync()
    {
        Instance.Dispose();
        await Store.DisposeAsync();
    }
}
