using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Pages;

/// <summary>Our pages as a person uses them, in a real browser, over a real server that trains a real job.</summary>
[Collection(PagesCollection.Name)]
public sealed partial class PagesTests(PagesFixture pages)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private (string Name, string Address)[] All =>
        [("now", "/hangfire/now"), ("jobs", "/hangfire/training"), ("job", JobPage), ("batch", pages.Batch), ("checkpoint", pages.Checkpoint), ("money", "/hangfire/money"), ("hosts", "/hangfire/hosts"), ("attention", "/hangfire/attention")];

    private string JobPage => "/hangfire/training/" + pages.Job.ToString(CultureInfo.InvariantCulture);

    private static string Screenshots => Path.Combine(Chaos.TestServer.Products.Root, "artifacts", "screenshots");

    [FactWithBrowser]
    public async Task Every_page_is_light_keeps_to_itself_and_fits_phone_and_desk()
    {
        foreach (var (size, width, height, scheme) in ((string, int, int, ColorScheme)[])[("desktop", 1440, 900, ColorScheme.Light), ("phone", 390, 844, ColorScheme.Light), ("desktop-dark", 1440, 900, ColorScheme.Dark), ("phone-dark", 390, 844, ColorScheme.Dark)])
        {
            await using var context = await pages.OpenAsync(width, height, scheme);
            var page = await context.NewPageAsync();
            var wrong = new List<string>();
            page.Console += (_, message) => wrong.AddRange(message.Type is "error" or "warning" ? [message.Text] : Array.Empty<string>());
            page.PageError += (_, error) => wrong.Add(error);
            page.Request += (_, request) => wrong.AddRange(request.Url.StartsWith(pages.Root, StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal) ? [] : [request.Url]);
            foreach (var (name, address) in scheme == ColorScheme.Dark ? All.Where(one => one.Name is "now" or "job") : All)
            {
                await page.GotoAsync(address);
                await page.Locator("#live", new() { HasText = "live" }).WaitForAsync();
                await page.ScreenshotAsync(new() { Path = Path.Combine(Screenshots, $"{name}-{size}.png"), FullPage = true });

                Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways at {width}");
                Assert.NotEmpty((await page.InnerTextAsync("h1")).Trim());
                Assert.Equal("Skip to the content", await page.InnerTextAsync("a >> nth=0"));
                Assert.Empty(await page.EvaluateAsync<string[]>("[...document.querySelectorAll('button, a, summary')].filter(one => !(one.textContent.trim() || one.getAttribute('aria-label'))).map(one => one.outerHTML)"));
            }

            Assert.Empty(wrong);
        }
    }

    [FactWithBrowser]
    public async Task A_page_with_all_it_needs_is_under_100_KB()
    {
        await using var context = await pages.OpenAsync();
        var page = await context.NewPageAsync();
        foreach (var (name, address) in All)
        {
            await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Load });
            var bytes = await page.EvaluateAsync<long>("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, entry) => sum + entry.encodedBodySize, 0)");
            Assert.True(bytes is > 1_000 and < 100_000, $"{name}: {bytes} bytes");
            await File.AppendAllTextAsync(Path.Combine(Directory.CreateDirectory(Screenshots).FullName, "weights.txt"), $"{name} {bytes}\n");
        }
    }

    [FactWithBrowser]
    public async Task Without_scripts_the_pages_say_the_same_and_charts_are_drawn()
    {
        await using var context = await pages.OpenAsync(withScripts: false);
        var page = await context.NewPageAsync();
        foreach (var (name, address, words) in ((string, string, string[])[])[
            ("now", "/hangfire/now", ["whisper-fr", "need you", "Leaks", "Oldest unsaved work"]),
            ("job", JobPage, ["Attempts", "Timeline", "Checkpoints", "End of the log", "Why this host?", "What it cost", "loss"]),
            ("batch", pages.Batch, ["sweep", "Free", "in line", "<b onclick=alert(1)>x</b>", "Cancel all"]),
            ("money", "/hangfire/money", ["By provider", "vast", "runpod", "Balance", "Never booted"]),
            ("hosts", "/hangfire/hosts", ["Rented now", "RTX 4090", "vast/582", "banned", "Reputation"]),
            ("attention", "/hangfire/attention", ["bad-import", "Look at the job", "nightly-eval", "Dismiss"])])
        {
            await page.GotoAsync(address);
            var text = await page.InnerTextAsync("main");
            Assert.All(words, word => Assert.True(text.Contains(word, StringComparison.OrdinalIgnoreCase), $"{name} does not say {word}: {text}"));
        }

        await page.GotoAsync(JobPage);
        Assert.Equal(2, await page.Locator("figure svg").CountAsync());
        Assert.True((await page.Locator("path.line0").Nth(1).BoundingBoxAsync())!.Width > 300);
        Assert.Equal(2, await page.Locator("figure >> nth=0 >> rect").CountAsync());
    }

    [FactWithBrowser]
    public async Task What_a_host_says_is_text_wherever_it_is_shown()
    {
        await using var context = await pages.OpenAsync();
        var page = await context.NewPageAsync();
        foreach (var (_, address) in All)
        {
            await page.GotoAsync(address);
            Assert.EndsWith("Orchestrator", await page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await page.Locator("main script, main img, main b[onclick], main [onerror]").CountAsync());
        }

        await page.GotoAsync("/hangfire/attention");
        Assert.Contains("<script>document.title", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.GotoAsync(pages.Checkpoint);
        Assert.Equal(0, await page.Locator("table").CountAsync());
        await page.ClickAsync("text=List its files");
        Assert.Equal("step-000015/weights <b>.bin", await page.InnerTextAsync("td a"));
        var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("td a"));
        await using var content = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(content);
        Assert.Equal("15", await reader.ReadToEndAsync());
    }

    [FactWithBrowser]
    public async Task An_open_page_renews_itself_and_keeps_what_a_person_has_opened()
    {
        await using var context = await pages.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(JobPage);
        Assert.Equal(2, await page.Locator(".plot canvas").CountAsync());
        await page.ClickAsync("#why summary");
        await page.EvaluateAsync("window.same = true");
        var before = Step(await page.InnerTextAsync(".tiles"));

        await Wait.UntilAsync(async () => Step(await page.InnerTextAsync(".tiles")) > before + 20, "the page to show later steps", _limit, TimeSpan.FromMilliseconds(300));

        Assert.True(await page.EvaluateAsync<bool>("window.same"));
        Assert.True(await page.Locator("#why[open]").IsVisibleAsync());
        Assert.Equal("summary", await page.EvaluateAsync<string>("document.activeElement.localName"));
        Assert.Equal(2, await page.Locator(".plot canvas").CountAsync());
    }

    [FactWithBrowser]
    public async Task An_operator_cancels_with_the_keyboard_alone_and_a_viewer_has_no_button()
    {
        var address = "/hangfire/training/" + pages.Waiting.ToString(CultureInfo.InvariantCulture);
        await using var viewers = await pages.OpenAsViewerAsync();
        var theirs = await viewers.NewPageAsync();
        await theirs.GotoAsync(address);
        Assert.Contains("to read only", await theirs.InnerTextAsync("footer"), StringComparison.Ordinal);
        Assert.Equal(0, await theirs.Locator("form, button").CountAsync());
        var token = await theirs.GetAttributeAsync("meta[name=csrf-token]", "content");
        var refused = await viewers.APIRequest.PostAsync($"{pages.Root}/training/{pages.Waiting}/cancel", new() { Form = viewers.APIRequest.CreateFormData().Set("__RequestVerificationToken", token!) });
        Assert.Equal(403, refused.Status);

        await using var context = await pages.OpenAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(address);
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        var stops = new List<string>();
        while (stops is not [.., "Cancel…"] && stops.Count < 6)
        {
            await page.Keyboard.PressAsync("Tab");
            stops.Add((await page.EvaluateAsync<string>("document.activeElement.textContent")).Trim());
        }

        Assert.Equal(["Pause", "Save now", "Cancel…"], stops);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Yes, cancel needs-4000-cores", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");

        var ended = await pages.Server.UntilAsync(pages.Waiting, "cancelled");
        Assert.Contains("admin", ended["reason"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [FactWithBrowser]
    public async Task A_batch_is_sorted_by_its_headings_and_given_money_without_scripts()
    {
        await using var viewers = await pages.OpenAsViewerAsync();
        var theirs = await viewers.NewPageAsync();
        await theirs.GotoAsync(pages.Batch);
        Assert.Equal(0, await theirs.Locator("form, button").CountAsync());

        await using var context = await pages.OpenAsync(withScripts: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/hangfire/training");
        await page.ClickAsync("a:has-text('sweep × 4')");
        await page.ClickAsync("th a:has-text('steps')");
        await page.ClickAsync("th a:has-text('steps')");
        Assert.Equal("descending", await page.GetAttributeAsync("th:has-text('steps')", "aria-sort"));
        Assert.Equal("3000", await page.InnerTextAsync("tbody tr >> nth=0 >> td >> nth=1"));
        await page.FillAsync("input[name=budget]", "11.50");
        await page.ClickAsync("text=Set the budget");
        await page.WaitForURLAsync("**" + pages.Batch);

        Assert.Contains("of $11.50 for all together", await page.InnerTextAsync(".tiles"), StringComparison.Ordinal);
        Assert.Equal("plain", await page.InnerTextAsync("tbody tr >> nth=1 >> td >> nth=2"));
    }

    [FactWithBrowser]
    public async Task What_is_dismissed_no_longer_waits()
    {
        await using var context = await pages.OpenAsync(390, 844);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/hangfire/attention");
        await page.GetByRole(AriaRole.Button, new() { Name = "Dismiss: Channel" }).ClickAsync();
        await page.WaitForURLAsync("**/hangfire/attention");

        Assert.DoesNotContain("ntfy has refused", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Contains("bad-import", await page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    [FactWithBrowser]
    public async Task Deleting_and_requeueing_wake_ups_harms_no_training_and_the_page_says_so()
    {
        await using var context = await pages.OpenAsync();
        var page = await context.NewPageAsync();
        page.Dialog += async (_, dialog) => await dialog.AcceptAsync();
        var before = (await pages.Server.Api.JobAsync(pages.Job))["progress"]!["step"]!.GetValue<long>();
        await page.GotoAsync("/hangfire/jobs/succeeded");
        Assert.Contains("training jobs are under Jobs", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('#wrap > .container'), '::before').content"), StringComparison.Ordinal);
        Assert.Contains("whisper-fr #", await page.InnerTextAsync("#wrap"), StringComparison.Ordinal);
        await PressAsync(page, "/hangfire/jobs/scheduled", "button[data-url*='delete']");
        await PressAsync(page, "/hangfire/jobs/succeeded", "button[data-url*='requeue']");
        await page.GotoAsync("/hangfire/recurring");
        Assert.Contains("Sweep: overdue jobs and orphans", await page.InnerTextAsync("#wrap"), StringComparison.Ordinal);

        await Wait.UntilAsync(async () => (await pages.Server.Api.JobAsync(pages.Job))["progress"]!["step"]!.GetValue<long>() > before + 50, "the training to go on", _limit, TimeSpan.FromMilliseconds(300));
        var job = await pages.Server.Api.JobAsync(pages.Job);
        Assert.Equal("active", job["state"]!.GetValue<string>());
        Assert.Equal(2, job["attempts"]!.AsArray().Count);
    }

    [FactWithBrowser]
    public async Task A_form_without_the_antiforgery_token_changes_nothing()
    {
        await using var context = await pages.OpenAsync();
        foreach (var path in (string[])[$"/training/{pages.Job}/cancel", "/training/alerts/1/dismiss"])
        {
            Assert.Equal(400, (await context.APIRequest.PostAsync(pages.Root + path)).Status);
        }

        Assert.Equal("active", (await pages.Server.Api.JobAsync(pages.Job))["state"]!.GetValue<string>());
    }

    private static async Task PressAsync(IPage page, string address, string button)
    {
        await Wait.UntilAsync(
            async () =>
            {
                await page.GotoAsync(address);
                return await page.Locator(".js-jobs-list-checkbox").CountAsync() > 0;
            },
            $"a wake-up at {address}", _limit, TimeSpan.FromMilliseconds(500));
        await page.ClickAsync(".js-jobs-list-select-all");
        // Once it has answered, Hangfire's script loads the page anew.
        await page.RunAndWaitForRequestFinishedAsync(() => page.ClickAsync(button), new() { Predicate = request => request.IsNavigationRequest });
    }

    private static long Step(string text) => StepPattern().Match(text) is { Success: true } found ? long.Parse(found.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("step ([0-9,]+) of")]
    private static partial Regex StepPattern();
}
