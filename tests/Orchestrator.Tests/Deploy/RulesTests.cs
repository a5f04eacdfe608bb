using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Engine.Telemetry;
using Orchestrator.Providers.Http;
using Orchestrator.Tests.Http;
using Orchestrator.Tests.Telemetry;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Tests.Deploy;

/// <summary>A rule about a metric that is not there is silent for ever.</summary>
[Collection(BookMeterTests.Name)]
public sealed partial class RulesTests
{
    [Fact]
    public async Task Rules_name_only_metrics_that_exist_and_say_what_to_do()
    {
        var known = await NamesAsync();
        var rules = ((YamlSequenceNode)DeployFiles.Yaml("prometheus/rules.yaml")["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]).ToList();

        Assert.True(rules.Count > 5);
        Assert.All(rules, rule =>
        {
            Assert.Empty(NamesIn(rule["expr"].ToString()).Except(known));
            Assert.NotEmpty(NamesIn(rule["expr"].ToString()));
            Assert.Contains(rule["labels"]["severity"].ToString(), (string[])["critical", "warning", "info"]);
            Assert.Equal(["description", "summary"], rule["annotations"].Keys().Order(StringComparer.Ordinal));
            Assert.Matches("^[1-9][0-9]*m$", rule["for"].ToString());
        });
        Assert.Equal(rules.Count, rules.Select(rule => rule["alert"].ToString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task The_board_names_only_metrics_that_exist_and_its_panels_do_not_overlap()
    {
        var known = await NamesAsync();
        using var board = JsonDocument.Parse(DeployFiles.Text("grafana/orchestrator.json"));
        var panels = board.RootElement.GetProperty("panels").EnumerateArray().ToList();

        Assert.All(panels, panel => Assert.All(panel.GetProperty("targets").EnumerateArray().ToList(), target =>
        {
            var names = NamesIn(target.GetProperty("expr").GetString()!);
            Assert.NotEmpty(names);
            Assert.Empty(names.Except(known));
        }));
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        var cells = panels.SelectMany(panel => Cells(panel.GetProperty("gridPos"))).ToList();
        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
    }

    [Fact]
    public async Task The_page_about_it_names_all_metrics_and_no_other()
    {
        var families = (await NamesAsync()).Where(name => name != "up" && !name.EndsWith("_bucket", StringComparison.Ordinal) && !name.EndsWith("_sum", StringComparison.Ordinal))
            .Select(name => name.EndsWith("_count", StringComparison.Ordinal) ? name[..^6] : name);

        Assert.Equal(families.Order(StringComparer.Ordinal), NamesIn(DeployFiles.Text("README.md")).Order(StringComparer.Ordinal));
    }

    /// <summary>From an exposition in which everything has happened once.</summary>
    private static async Task<HashSet<string>> NamesAsync()
    {
        var time = new FakeTimeProvider();
        await using var server = new Exposition(_ => Task.FromResult(BookMeterTests.Known), time);
        TickMeter.End(null, TimeSpan.FromSeconds(1), done: true);
        using var http = new HttpMessageInvoker(new CallMeter("acme", new ScriptedHandler(_ => ScriptedHandler.Text("{}")), time));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.invalid/");
        using var response = await http.SendAsync(request, default);
        return [.. (await server.ScrapeAsync()).Select(line => line.Split('{', ' ')[0]), "up"];
    }

    private static IReadOnlyCollection<string> NamesIn(string text) => [.. NamePattern().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<(int X, int Y)> Cells(JsonElement place)
    {
        int Of(string name) => place.GetProperty(name).GetInt32();
        return from x in Enumerable.Range(Of("x"), Of("w")) from y in Enumerable.Range(Of("y"), Of("h")) select (x, y);
    }

    [GeneratedRegex(@"\borchestrator_[a-z_]+|\bup(?=\{)")]
    private static partial Regex NamePattern();
}
