using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Npgsql;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Embedded;
using Orchestrator.IntegrationTests.Chaos;
using Xunit;

namespace Orchestrator.IntegrationTests.Pages;

/// <summary>
/// A server with a weekend behind it, and a browser. One job trains, was interrupted once and goes on; the rest (rented hosts,
/// bills, prices, alerts) is written into its database, since no test rents anything.
/// </summary>
public sealed class PagesFixture : IAsyncLifetime
{
    private readonly TestServer _server = new();
    private IPlaywright? _playwright;
    private string _session = "";

    public IBrowser Browser { get; private set; } = null!;

    public TestServer Server => _server;

    /// <summary>The job that trains.</summary>
    public long Job { get; private set; }

    /// <summary>One that waits, to be cancelled.</summary>
    public long Waiting { get; private set; }

    /// <summary>The page of the ended job's checkpoint at step 15, which nothing deletes any more.</summary>
    public string Checkpoint { get; private set; } = "";

    /// <summary>The page of a batch: two of its jobs are soon done, one trains, one stands in line.</summary>
    public string Batch { get; private set; } = "";

    public string Root => _server.Api.Url.ToString().TrimEnd('/');

    public async Task InitializeAsync()
    {
        await _server.StartAsync(new Site("pages"));
        Job = await SubmitAsync("whisper-fr", "cpu: 1, memory: 64MB", steps: 3000, pace: 0.1);
        Waiting = await SubmitAsync("needs-4000-cores", "cpu: 4000", steps: 10, pace: 1);
        var (done, progress) = (await SubmitAsync("sdxl-lora-cat", "cpu: 1, memory: 64MB", steps: 20, pace: 0.05), 0);
        var failed = await SubmitAsync("bad-import", "cpu: 1, memory: 64MB", steps: -1, pace: 0);
        await Wait.UntilAsync(
            async () => (progress = (await _server.Api.JobAsync(Job))["progress"]?["step"]?.GetValue<int>() ?? 0) > 40 && (await _server.Api.JobAsync(Job))["lastCheckpoint"] is not null,
            "the training's first checkpoint", TestServer.Patience, TimeSpan.FromMilliseconds(300));
        await _server.Site.KillInstanceAsync((await _server.Api.JobAsync(Job))["attempts"]![0]!["instanceId"]!.GetValue<string>());
        await Wait.UntilAsync(
            async () => (await _server.Api.JobAsync(Job)) is var now && now["attempts"]!.AsArray().Count == 2 && now["progress"]!["step"]!.GetValue<int>() > progress,
            "the training to go on after its host was lost", TestServer.Patience, TimeSpan.FromMilliseconds(300));
        await _server.UntilAsync(done, "succeeded");
        await _server.UntilAsync(failed, "failed");
        Batch = await SubmitBatchAsync();
        Checkpoint = string.Create(CultureInfo.InvariantCulture, $"/hangfire/training/{done}/checkpoints/1");
        await SeedAsync(done);

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = FactWithBrowserAttribute.Browser,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
        var login = await _server.Orc("login", "--json");
        await using var context = await Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(JsonNode.Parse(login.Output)!["url"]!.GetValue<string>());
        await page.WaitForURLAsync("**/hangfire/now");
        _session = await context.StorageStateAsync();
    }

    /// <summary>A browser of its own, signed in.</summary>
    public async Task<IBrowserContext> OpenAsync(int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool withScripts = true) => await Browser.NewContextAsync(new()
    {
        BaseURL = Root,
        StorageState = _session,
        ViewportSize = new() { Width = width, Height = height },
        ColorScheme = scheme,
        JavaScriptEnabled = withScripts,
        IsMobile = width < 500,
        HasTouch = width < 500,
    });

    /// <summary>The same for who opened a link to read only.</summary>
    public async Task<IBrowserContext> OpenAsViewerAsync()
    {
        var link = await _server.Orc("server", "link", "--json");
        var context = await Browser.NewContextAsync(new() { BaseURL = Root });
        var page = await context.NewPageAsync();
        await page.GotoAsync(JsonNode.Parse(link.Output)!["url"]!.GetValue<string>());
        // The token does not stay in the address.
        await page.WaitForURLAsync(Root + "/hangfire/now");
        await page.CloseAsync();
        return context;
    }

    public async Task<NpgsqlDataSource> DatabaseAsync() =>
        NpgsqlDataSource.Create(await EmbeddedPostgres.EnsureRunningAsync(_server.Site.Data, NullLogger.Instance, CancellationToken.None));

    public async Task<long> SubmitAsync(string name, string resources, int steps, double pace) =>
        await _server.Api.SubmitAsync(await WriteAsync(name, resources, steps.ToString(CultureInfo.InvariantCulture), pace));

    private async Task<string> SubmitBatchAsync()
    {
        var spec = await WriteAsync(
            "sweep", "cpu: 1, memory: 64MB", "${{ matrix.steps }}", 0.1,
            "batch: {name: sweep, budget: $9}\nstrategy: {max-parallel: 1, matrix: {steps: [15, 3000], note: [\"<b onclick=alert(1)>x</b>\", plain]}}\n");
        await _server.Api.PostAsync("jobs", new JsonObject { ["yaml"] = await File.ReadAllTextAsync(spec), ["fileName"] = "job.yaml", ["folder"] = Path.GetDirectoryName(spec) });
        var id = (await _server.Api.GetAsync("batches/sweep"))["id"]!.GetValue<long>();
        return string.Create(CultureInfo.InvariantCulture, $"/hangfire/batches/{id}");
    }

    private async Task<string> WriteAsync(string name, string resources, string steps, double pace, string more = "")
    {
        var folder = Directory.CreateDirectory(Path.Combine(_server.Site.Work, name)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "code"));
        File.Copy(Path.Combine(TestServer.Products.Root, "tests/Orchestrator.IntegrationTests/Pages/curve.py"), Path.Combine(folder, "code/curve.py"), overwrite: true);
        var spec = Path.Combine(folder, "job.yaml");
        await File.WriteAllTextAsync(spec, string.Create(CultureInfo.InvariantCulture, $$"""
            name: {{name}}
            code: ./code
            run: exec python3 -u curve.py
            env: {STEPS: "{{steps}}", PACE: "{{pace}}", EVERY: "15"}
            resources: {gpu: none, {{resources}}}
            checkpoints: {path: /ckpt, format: files, complete: {rename: true}, keep: 3}
            progress: jsonl
            budget: {max-total: $8}
            {{more}}
            """));
        return spec;
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await _server.DisposeAsync();
    }

    private async Task SeedAsync(long done)
    {
        await using var database = await DatabaseAsync();
        await using var command = database.CreateCommand((await File.ReadAllTextAsync(Path.Combine(TestServer.Products.Root, "tests/Orchestrator.IntegrationTests/Pages/weekend.sql"))).Replace("@done", done.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@job", Job.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        await command.ExecuteNonQueryAsync();
    }
}
