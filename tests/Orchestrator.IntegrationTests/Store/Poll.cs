using Xunit;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>Waits for a condition that has to be asked of a server.</summary>
internal static class Poll
{
    internal static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(2), "never happened: " + what);
            await Task.Delay(20);
        }
    }
}
