using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orchestrator.Determinism;
using Orchestrator.Drills.Kit;
using Orchestrator.Simulation.Reports;

namespace Orchestrator.Benchmarks.Batches;

/// <summary>
/// How long a large batch keeps the real server busy: to submit it, to look at every job of it once, to show it, to cancel it. No machine fits,
/// so nothing trains, and what is measured is the line. Times are a clock's: two processes share the work. Each case also checks that what it
/// measured is right; only that decides the exit code.
/// </summary>
internal sealed class BatchBenchmark(Products products, BatchOptions options, TextWriter output)
{
    private const int Looks = 7;
    private const int MaxParallel = 8;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(8);
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public async Task<int> RunAsync()
    {
        using var site = new Site("batch");
        using var server = await ServerProcess.Start(products, site, new Dictionary<string, string>()).UntilHealthyAsync();
        var right = await SubmitAsync(site, server);
        right &= await LookAsync("batch NAME", server, "api/v1/batches/sweep", text => Count(text, "\"interruptions\"") == options.Jobs);
        right &= await LookAsync("jobs", server, "api/v1/jobs", text => Count(text, "\"interruptions\"") == options.Jobs);
        right &= await LookAsync("batch page", server, "hangfire/batches/1?sort=cost&desc=1&page=2", text => text.Contains("sweep", StringComparison.Ordinal), limit: 70_000);
        right &= await LookAsync("jobs page", server, "hangfire/training", text => text.Contains("sweep", StringComparison.Ordinal), limit: 70_000);
        right &= await CancelAsync(server);
        return right ? 0 : 1;
    }

    private async Task<bool> SubmitAsync(Site site, ServerProcess server)
    {
        var spec = Path.Combine(site.Work, "sweep.yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: sweep
            run: python3 train.py
            resources: {gpu: none, cpu: 4000}
            checkpoints: none
            budget: {max-total: $2}
            batch: {name: sweep, budget: $60}
            strategy:
              max-parallel: {{MaxParallel}}
              matrix:
                seed: [{{string.Join(", ", Seeds())}}]

            """);
        var began = TimeProvider.System.GetTimestamp();
        var reply = await server.Api.PostAsync("jobs", new JsonObject { ["yaml"] = await File.ReadAllTextAsync(spec), ["fileName"] = "sweep.yaml", ["folder"] = site.Work });
        var submitted = TimeProvider.System.GetElapsedTime(began);
        var right = reply["batch"]!["jobs"]!.GetValue<int>() == options.Jobs;
        Report("submit", right, new() { ["jobs"] = options.Jobs, ["seconds"] = Digits(submitted.TotalSeconds) });

        // A tick each: whose turn it is looks for a host, the others are told that it is not.
        var states = new Dictionary<string, int>();
        await Wait.UntilAsync(async () => (states = await StatesAsync(server)).GetValueOrDefault("pending") == 0, "a look at every job", _patience, TimeSpan.FromSeconds(1));
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        right &= states.GetValueOrDefault("waiting") == options.Jobs;
        Report("look at all", right, new() { ["seconds"] = Digits(seconds), ["msPerTick"] = Digits(1000 * (seconds - submitted.TotalSeconds) / options.Jobs) });
        return right;
    }

    private async Task<bool> LookAsync(string name, ServerProcess server, string path, Func<string, bool> isRight, long? limit = null)
    {
        using var http = new HttpClient { BaseAddress = server.Api.Url };
        List<double> milliseconds = [];
        var (right, bytes) = (true, 0L);
        for (var i = 0; i < Looks; i++)
        {
            using var request = server.Api.Request(HttpMethod.Get, path);
            var began = TimeProvider.System.GetTimestamp();
            using var reply = await http.SendAsync(request);
            var text = await reply.Content.ReadAsStringAsync();
            milliseconds.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
            bytes = text.Length;
            right &= reply.IsSuccessStatusCode && isRight(text) && bytes < (limit ?? long.MaxValue);
        }

        milliseconds.Sort();
        Report(name, right, new() { ["medianMs"] = Digits(Figures.At(milliseconds, 0.5)), ["worstMs"] = Digits(milliseconds[^1]), ["bytes"] = bytes });
        return right;
    }

    private async Task<bool> CancelAsync(ServerProcess server)
    {
        var began = TimeProvider.System.GetTimestamp();
        var reply = await server.Api.PostAsync("batches/sweep/cancel");
        var asked = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var states = new Dictionary<string, int>();
        await Wait.UntilAsync(async () => (states = await StatesAsync(server)).GetValueOrDefault("cancelled") == options.Jobs || options.Sabotage is not null, "the end of every job", _patience, TimeSpan.FromSeconds(1));
        var right = reply["jobs"]!.GetValue<int>() == options.Jobs && (options.Sabotage is not null || (await server.Api.GetAsync("batches/sweep"))["endedAt"] is not null);
        Report("cancel", right, new() { ["askedSeconds"] = Digits(asked), ["seconds"] = Digits(TimeProvider.System.GetElapsedTime(began).TotalSeconds) });
        return right;
    }

    private static async Task<Dictionary<string, int>> StatesAsync(ServerProcess server) =>
        (await server.Api.GetAsync("batches/sweep"))["jobs"]!.AsArray().GroupBy(one => one!["job"]!["state"]!.GetValue<string>()).ToDictionary(state => state.Key, state => state.Count());

    private IEnumerable<int> Seeds()
    {
        var random = SeededRandom.For("batch", options.Seed.ToString(CultureInfo.InvariantCulture));
        HashSet<int> seeds = [];
        while (seeds.Count < options.Jobs - (options.Sabotage == BatchOptions.LostJob ? 1 : 0))
        {
            seeds.Add(random.Next(1_000_000));
        }

        return seeds;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static double Digits(double figure) => Figures.Digits(figure);

    private void Report(string name, bool right, Dictionary<string, double> figures)
    {
        if (options.Json)
        {
            output.WriteLine(JsonSerializer.Serialize(new { name, seed = options.Seed, right, figures }, _json));
        }
        else
        {
            output.WriteLine($"{name,-24} {(right ? "right" : "WRONG")}   {string.Join("   ", figures.Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Key} {figure.Value}")))}");
        }
    }
}
