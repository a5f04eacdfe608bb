using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Orchestrator.Json;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Golden;

/// <summary>Rows that wait in the inbox while a server is replaced by a newer one, and those in recorded ticks, must load for ever.</summary>
public sealed class InboxGoldenTests
{
    private static readonly string _folder = GoldenFile.Folder("Inbox");

    public static TheoryData<string> Kinds() => new(typeof(InboxItem).GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(r => (string)r.TypeDiscriminator!));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_has_its_file_which_loads_with_all_it_says(string kind)
    {
        var path = Path.Combine(_folder, kind + ".json");
        Assert.True(File.Exists(path), $"store one {kind} row as tests/Orchestrator.Tests/Golden/Inbox/{kind}.json");
        var stored = File.ReadAllText(path);

        var again = JsonNode.Parse(JsonSerializer.Serialize(JsonSerializer.Deserialize(stored, CoreJson.Default.InboxItem)!, CoreJson.Default.InboxItem))!;

        GoldenFile.AssertHolds(JsonNode.Parse(stored)!, again, kind);
    }

    [Fact]
    public void A_cancel_of_a_release_that_knew_no_now_is_one_that_waits() =>
        Assert.Equal(new CancelCommand("eva"), JsonSerializer.Deserialize("""{"kind":"cancel","by":"eva"}""", CoreJson.Default.InboxItem));
}
