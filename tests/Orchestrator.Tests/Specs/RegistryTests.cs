using System.Text.Json;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class RegistryTests
{
    public static TheoryData<string> SingleValues =>
        [.. FieldRegistry.All.Where(info => !info.Type.Split('|').Any(type => type is "object" or "map" or "list")).Select(info => info.Path)];

    // A key the registry knows and the reader forgot would be accepted and lost without a word.
    [Theory]
    [MemberData(nameof(SingleValues))]
    public void Every_registered_field_is_really_read(string path)
    {
        var text = "{zzz: [1]}";
        foreach (var part in path.Split('.').Reverse())
        {
            text = part.EndsWith("[]", StringComparison.Ordinal) ? $"{{{part[..^2]}: [{text}]}}" : $"{{{part}: {text}}}";
        }

        var problems = SpecCase.Errors(SpecCase.Read(text));

        Assert.Contains(problems, problem => MapPath(problem.Path) == path);
        Assert.DoesNotContain(problems, problem => problem.What == $"unknown key \"{path.Split('.')[^1]}\"");
    }

    [Fact]
    public void The_registry_names_each_field_once_and_below_a_field()
    {
        Assert.Equal(FieldRegistry.All.Length, FieldRegistry.All.Select(field => field.Path).Distinct().Count());
        Assert.All(FieldRegistry.All.Where(field => field.Path.Contains('.', StringComparison.Ordinal)),
            field => Assert.NotNull(FieldRegistry.Find(field.Path[..field.Path.LastIndexOf('.')])));
    }

    [Fact]
    public void The_schema_knows_every_field_at_its_place()
    {
        using var schema = JsonDocument.Parse(SpecSchema.Json());

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.RootElement.GetProperty("$schema").GetString());
        Assert.All(FieldRegistry.All, field => Assert.True(Lies(schema.RootElement, field.Path.Split('.')), field.Path));
        Assert.False(Lies(schema.RootElement, ["accelerators"]));
        Assert.False(schema.RootElement.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void The_top_level_fields_that_work_are_these() =>
        Assert.Equal(
            "batch budget checkpoints code command data deadline env estimate image labels max-runtime name notify on-failure outputs prefer priority progress providers registry-auth reliability resources run schedule secrets sensitive setup shell strategy template timeouts vars version working-dir",
            string.Join(' ', FieldRegistry.ChildrenOf("").Where(info => info.Landed).Select(info => info.Path).Order(StringComparer.Ordinal)));

    private static string MapPath(string path) => System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "[]");

    private static bool Lies(JsonElement node, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
        {
            return true;
        }

        if (node.TryGetProperty("anyOf", out var choices))
        {
            foreach (var choice in choices.EnumerateArray())
            {
                if (Lies(choice, path))
                {
                    return true;
                }
            }
        }

        var list = path[0].EndsWith("[]", StringComparison.Ordinal);
        if (!node.TryGetProperty("properties", out var properties) || !properties.TryGetProperty(list ? path[0][..^2] : path[0], out var child))
        {
            return false;
        }

        return list ? Items(child, path[1..]) : Lies(child, path[1..]);
    }

    private static bool Items(JsonElement node, ReadOnlySpan<string> path)
    {
        if (node.TryGetProperty("items", out var items) && Lies(items, path))
        {
            return true;
        }

        if (node.TryGetProperty("anyOf", out var choices))
        {
            foreach (var choice in choices.EnumerateArray())
            {
                if (Items(choice, path))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
