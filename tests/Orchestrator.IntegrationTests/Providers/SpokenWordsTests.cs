using Microsoft.Extensions.Logging;
using Orchestrator.Providers;
using Xunit;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>The suites' promise that no key is said is worth what their ears are.</summary>
public sealed class SpokenWordsTests
{
    [Fact]
    public void Lines_their_values_and_caught_exceptions_are_heard()
    {
        using var spoken = new SpokenWords();
        var log = spoken.CreateLogger<SpokenWordsTests>();

        log.LogTrace("the {Name} of the line", "value-4711");
        log.LogWarning(new InvalidOperationException("cause-4712"), "it failed");
        try
        {
            throw new ProviderException(ProviderErrorKind.Unknown, "outer", new InvalidOperationException("inner-4713"));
        }
        catch (ProviderException)
        {
            // Nobody shows it, and it was said.
        }

        foreach (var word in (string[])["value-4711", "cause-4712", "inner-4713"])
        {
            Assert.Contains(spoken.All, line => line.Contains(word, StringComparison.Ordinal));
        }
    }
}
