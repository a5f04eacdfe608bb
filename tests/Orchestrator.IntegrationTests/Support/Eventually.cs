using Xunit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>Waits for conditions instead of for time.</summary>
internal static class Eventually
{
    internal static async Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < (limit ?? TimeSpan.FromSeconds(30)), "never happened: " + what);
            await Task.Delay(20);
        }
    }
}
