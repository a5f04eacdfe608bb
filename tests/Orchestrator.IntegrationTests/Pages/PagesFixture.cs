using System.Globalization;
using System.Security.Claims;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Npgsql;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Embedded;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.Server.Security;
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

    /// <summary>The same for who may only read.</summary>
    public async Task<IBrowserContext> OpenAsViewerAsync()
    {
        var context = await Browser.NewContextAsync(new() { BaseURL = Root });
        await context.AddCookiesAsync([new() { Name = Sessions.CookieName, Value = ViewersCookie(), Url = Root }]);
        return context;
    }

    public async Task<NpgsqlDataSource> DatabaseAsync() =>
        NpgsqlDataSource.Create(await EmbeddedPostgres.EnsureRunningAsync(_server.Site.Data, NullLogger.Instance, CancellationToken.None));

    public async Task<long> SubmitAsync(string name, string resources, int steps, double pace)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_server.Site.Work, name)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "code"));
        File.Copy(Path.Combine(TestServer.Products.Root, "tests/Orchestrator.IntegrationTests/Pages/curve.py"), Path.Combine(folder, "code/curve.py"), overwrite: true);
        var spec = Path.Combine(folder, "job.yaml");
        await File.WriteAllTextAsync(spec, string.Create(CultureInfo.InvariantCulture, $$"""
            name: {{name}}
            code: ./code
            run: exec python3 -u curve.py
            env: {STEPS: {{steps}}, PACE: {{pace}}, EVERY: 15}
            resources: {gpu: none, {{resources}}}
            checkpoints: {path: /ckpt, format: files, complete: {rename: true}, keep: 3}
            progress: jsonl
            budget: {max-total: $8}
            """));
        return await _server.Api.SubmitAsync(spec);
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

    /// <summary>What the server would give a person whose token has the viewer's role: sealed with the server's own keys.</summary>
    private string ViewersCookie()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("orchestrator").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(_server.Site.Data, "keys")));
        using var provider = services.BuildServiceProvider();
        var sealing = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector(
            "Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationMiddleware", CookieAuthenticationDefaults.AuthenticationScheme, "v2");
        var who = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "guest"), new(ClaimTypes.Name, "guest"), new(ClaimTypes.Role, Roles.Viewer)], CookieAuthenticationDefaults.AuthenticationScheme);
        return new TicketDataFormat(sealing).Protect(new(
            new(who), new() { IssuedUtc = TimeProvider.System.GetUtcNow(), ExpiresUtc = TimeProvider.System.GetUtcNow().AddHours(1) }, CookieAuthenticationDefaults.AuthenticationScheme));
    }
}
