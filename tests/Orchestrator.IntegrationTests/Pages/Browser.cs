using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;

namespace Orchestrator.IntegrationTests.Pages;

/// <summary>
/// A real Chromium, headless, driven through chromedriver by the WebDriver protocol: a dozen calls of JSON over HTTP, for which
/// no library is needed.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    /// <summary>The protocol's name for the field that carries an element's id.</summary>
    private const string Element = "element-6066-11e4-a52e-4f735466cecf";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private readonly Process _driver;
    private readonly HttpClient _http;
    private readonly string _profile = Directory.CreateTempSubdirectory("orc-browser-").FullName;
    private string _session = "";

    private Browser(Process driver, int port)
    {
        _driver = driver;
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(3) };
    }

    public static async Task<Browser> StartAsync(int width = 1200, int height = 900, bool withScripts = true)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("chromedriver", [$"--port={port}", "--silent"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var browser = new Browser(Process.Start(start)!, port);
        await Wait.UntilAsync(browser.IsReadyAsync, "chromedriver", Limit, TimeSpan.FromMilliseconds(200));
        await browser.BeginAsync(width, height, withScripts);
        return browser;
    }

    public Task GoAsync(string url) => CallAsync("url", new JsonObject { ["url"] = url });

    public async Task<string> UrlAsync() => (await GetAsync("url"))!.GetValue<string>();

    /// <summary>What a person reads on the page.</summary>
    public async Task<string> TextAsync() => (await ScriptAsync("return document.body.innerText"))!.GetValue<string>();

    public async Task<JsonNode?> ScriptAsync(string script) => await CallAsync("execute/sync", new JsonObject { ["script"] = script, ["args"] = new JsonArray() });

    public async Task ClickAsync(string css)
    {
        var element = (await CallAsync("element", new JsonObject { ["using"] = "css selector", ["value"] = css }))![Element]!.GetValue<string>();
        await CallAsync($"element/{element}/click", []);
    }

    /// <summary>Says yes to a question of the page's own, where there is one.</summary>
    public async Task AcceptAlertAsync()
    {
        using var response = await PostAsync($"/session/{_session}/alert/accept", []);
    }

    public async ValueTask DisposeAsync()
    {
        if (_session.Length > 0)
        {
            using var response = await _http.DeleteAsync($"/session/{_session}");
        }

        _http.Dispose();
        _driver.Kill(entireProcessTree: true);
        await _driver.WaitForExitAsync();
        _driver.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private async Task BeginAsync(int width, int height, bool withScripts)
    {
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", $"--user-data-dir={_profile}", $"--window-size={width},{height}",
        ];
        var options = new JsonObject { ["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]) };
        if (width < 500)
        {
            // A window has a least width; a phone is narrower.
            options["mobileEmulation"] = new JsonObject { ["deviceMetrics"] = new JsonObject { ["width"] = width, ["height"] = height, ["pixelRatio"] = 1 } };
        }

        if (!withScripts)
        {
            options["prefs"] = new JsonObject { ["profile.managed_default_content_settings.javascript"] = 2 };
        }

        var capabilities = new JsonObject { ["capabilities"] = new JsonObject { ["alwaysMatch"] = new JsonObject { ["goog:chromeOptions"] = options } } };
        using var response = await PostAsync("/session", capabilities);
        _session = (await ValueAsync(response))!["sessionId"]!.GetValue<string>();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync("/status");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<JsonNode?> GetAsync(string path)
    {
        using var response = await _http.GetAsync($"/session/{_session}/{path}");
        return await ValueAsync(response);
    }

    private async Task<JsonNode?> CallAsync(string path, JsonObject body)
    {
        using var response = await PostAsync($"/session/{_session}/{path}", body);
        return await ValueAsync(response);
    }

    /// <summary>With a length: chromedriver hangs up on a chunked body.</summary>
    private async Task<HttpResponseMessage> PostAsync(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await _http.PostAsync(path, content);
    }

    private static async Task<JsonNode?> ValueAsync(HttpResponseMessage response)
    {
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(answer)!["value"] : throw new InvalidOperationException($"{response.RequestMessage?.RequestUri}: {answer}");
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
    }
}
