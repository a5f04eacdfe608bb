using System.Text.Json.Nodes;
using Xunit;

namespace Orchestrator.Tests.Golden;

internal static class GoldenFile
{
    internal static string Folder(string name) => Path.Combine(Path.GetDirectoryName(Architecture.DependencyTests.Source())!, "tests", "Orchestrator.Tests", "Golden", name);

    /// <summary>Newer releases may add fields; what was stored must come back as it was.</summary>
    internal static void AssertHolds(JsonNode stored, JsonNode again, string where)
    {
        if (stored is JsonObject fields)
        {
            foreach (var (name, value) in fields)
            {
                Assert.True(again[name] is not null || value is null, $"{where}.{name} is lost");
                if (value is not null)
                {
                    AssertHolds(value, again[name]!, $"{where}.{name}");
                }
            }
        }
        else
        {
            Assert.Equal(stored.ToJsonString(), again.ToJsonString());
        }
    }
}
