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
            Assert.True(TimeProvider.System.GetElapsedTime(started) < (limit ?? TimeSpan.FromMinutes(2)), "never happened: " + what);
            await Task.Delay(20);
        }
    }

    internal static async Task HoldsAsync(Func<Task<bool>> condition, TimeSpan limit, string otherwise)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < limit, otherwise);
            await Task.Delay(20);
        }
    }
}
