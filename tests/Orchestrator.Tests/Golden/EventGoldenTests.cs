using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orchestrator.Json;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Golden;

/// <summary>
/// One file per kind of event, as it was first stored. They are never rewritten: a changed shape gets a new version and a new
/// file, and the old file must load for ever.
/// </summary>
public sealed class EventGoldenTests
{
    private static readonly string _folder = GoldenFile.Folder("Events");

    public static TheoryData<string> Kinds() => new(typeof(JobEvent).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(r => (string)r.TypeDiscriminator!));

    public static TheoryData<string> Files() => new(Directory.GetFiles(_folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_its_file(string kind) =>
        Assert.True(File.Exists(Path.Combine(_folder, kind + ".json")), $"store one {kind} event as tests/Orchestrator.Tests/Golden/Events/{kind}.json");

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_loads_with_all_it_says(string kind)
    {
        var stored = File.ReadAllText(Path.Combine(_folder, kind + ".json"));

        var loaded = JsonSerializer.Deserialize(stored, CoreJson.Default.JobEvent)!;
        var again = JsonNode.Parse(JsonSerializer.Serialize(loaded, CoreJson.Default.JobEvent))!;

        Assert.NotEqual(default, loaded.At);
        Assert.NotEmpty(loaded.Why);
        GoldenFile.AssertHolds(JsonNode.Parse(stored)!, again, kind);
    }
}
