using System.Text.Json;
using Orchestrator.Server.Cli;
using Orchestrator.Tests.Simulation;
using Xunit;

namespace Orchestrator.Tests.Server.Cli;

public sealed class SimulateJobTests : IDisposable
{
    private const string Spec = """
        name: lora
        image: pytorch/pytorch
        run: python train.py
        resources: {gpu: RTX 4090}
        estimate: 3h on RTX 4090
        checkpoints: {path: /ckpt, format: files, complete: {rename: true}, request: {signal: SIGUSR1}, every: auto}
        budget: {max-total: 20}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-simulate-").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task It_reports_every_policy_as_json_and_draws_a_picture()
    {
        var svg = Path.Combine(_folder, "report.svg");
        Assert.Equal(0, await RunAsync(Spec, "--worlds", "6", "--seed", "3", "--start", "2026-11-20T18:00Z", "--json", "--svg", svg));
        var report = JsonDocument.Parse(_out.ToString()).RootElement;
        Assert.Equal(6, report.GetProperty("worlds").GetInt32());
        Assert.Equal("ours", report.GetProperty("policies")[0].GetProperty("name").GetString());
        Assert.Equal(6, report.GetProperty("policies")[0].GetProperty("succeeded").GetInt32());
        Assert.True(report.GetProperty("calibration").GetProperty("cost").GetProperty("within90").GetDouble() > 0);
        Assert.Contains("</svg>", await File.ReadAllTextAsync(svg), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_lives_in_a_recorded_market()
    {
        Assert.Equal(0, await RunAsync(Spec, "--worlds", "3", "--offers", CheckedInMarket.Path));
        Assert.Contains("ours", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("20 Nov 2026 18:00", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_estimate_it_asks_for_one()
    {
        Assert.Equal(2, await RunAsync(Spec.Replace("estimate: 3h on RTX 4090\n", "", StringComparison.Ordinal)));
        Assert.Contains("estimate", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--worlds", "0")]
    [InlineData("--start", "yesterday-ish")]
    [InlineData("--image", "large")]
    [InlineData("--offers", "no-such-file")]
    public async Task What_cannot_be_is_said_in_one_line(params string[] options)
    {
        Assert.Equal(2, await RunAsync(Spec, options));
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _out.Dispose();
        _error.Dispose();
    }

    private async Task<int> RunAsync(string spec, params string[] options)
    {
        var file = Path.Combine(_folder, "job.yaml");
        await File.WriteAllTextAsync(file, spec);
        return await CommandLine.RunAsync(["simulate", file, "--data", _folder, .. options], new Terminal(_out, _error, TextReader.Null, false, false, 100));
    }
}
