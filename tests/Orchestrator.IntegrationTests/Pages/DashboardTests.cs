using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Xunit;

namespace Orchestrator.IntegrationTests.Pages;

/// <summary>The dashboard as a person uses it, in a real browser, over a real server that trains a real job.</summary>
[Collection(ChaosCollection.Name)]
public sealed class DashboardTests(TestServer server)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [FactWithBrowser]
    public async Task A_person_signs_in_reads_and_presses_delete_and_requeue_and_the_training_is_not_harmed()
    {
        var plan = new TrainerPlan { Name = "seen-in-a-browser", Seed = 81, Steps = 400 };
        var job = await server.SubmitAsync(plan);
        await server.ProcessAsync(job, "trainer");
        await using var browser = await Browser.StartAsync();
        await SignInAsync(browser);
        var root = new Uri(await browser.UrlAsync()).GetLeftPart(UriPartial.Authority);

        Assert.Contains("seen-in-a-browser", await browser.TextAsync(), StringComparison.Ordinal);
        await browser.GoAsync($"{root}/hangfire/training/{job.ToString(CultureInfo.InvariantCulture)}");
        var page = await browser.TextAsync();
        Assert.All((string[])["seen-in-a-browser", "Attempts", "Timeline", "Checkpoints", "End of the log"], part => Assert.Contains(part, page, StringComparison.Ordinal));

        // Scheduled wake-ups carry the job's name, and Delete there is what a person who wants to cancel a training presses.
        await PressAsync(browser, $"{root}/hangfire/jobs/scheduled", "button[data-url*='delete']");
        await PressAsync(browser, $"{root}/hangfire/jobs/succeeded", "button[data-url*='requeue']");
        Assert.Contains("training jobs are under Jobs", (await browser.ScriptAsync("return getComputedStyle(document.querySelector('#wrap > .container'), '::before').content"))!.GetValue<string>(), StringComparison.Ordinal);

        var ended = await server.SucceedsAsync(plan, job);
        Assert.Equal(0, ended["interruptions"]!.GetValue<int>());
        Assert.Single(ended["attempts"]!.AsArray());
    }

    [FactWithBrowser]
    public async Task A_form_without_the_antiforgery_token_changes_nothing()
    {
        var plan = new TrainerPlan { Name = "forged", Seed = 82, Steps = 200 };
        var job = await server.SubmitAsync(plan);
        await using var browser = await Browser.StartAsync();
        await SignInAsync(browser);

        // From Hangfire's own page, where scripts run, with the person's session: only the token is missing.
        await browser.GoAsync(new Uri(new Uri(await browser.UrlAsync()), "/hangfire/recurring").ToString());
        var status = await browser.ScriptAsync($"var r = new XMLHttpRequest(); r.open('POST', '/training/{job.ToString(CultureInfo.InvariantCulture)}/cancel', false); r.send(); return r.status");

        Assert.Equal(400, status!.GetValue<int>());
        await server.SucceedsAsync(plan, job);
    }

    [FactWithBrowser]
    public async Task Pages_are_light_run_no_script_and_fit_a_phone()
    {
        var plan = new TrainerPlan { Name = "on-a-phone-with-a-name-as-long-as-a-person-can-think-of-one", Seed = 83, Steps = 30 };
        var job = await server.SubmitAsync(plan);
        await server.SucceedsAsync(plan, job);
        await using var browser = await Browser.StartAsync(390, 844);
        await SignInAsync(browser);
        var root = new Uri(await browser.UrlAsync()).GetLeftPart(UriPartial.Authority);
        foreach (var path in (string[])["/hangfire/training", $"/hangfire/training/{job.ToString(CultureInfo.InvariantCulture)}"])
        {
            await browser.GoAsync(root + path);

            // Sizes before compression would count what no phone fetches; what came from the cache counts as it lies there.
            var bytes = await browser.ScriptAsync("return performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, entry) => sum + entry.encodedBodySize, 0)");
            Assert.InRange(bytes!.GetValue<long>(), 1_000, 100_000);
            Assert.True((await browser.ScriptAsync("return document.documentElement.scrollWidth <= innerWidth"))!.GetValue<bool>(), $"{path} scrolls sideways");
            Assert.True((await browser.ScriptAsync("return typeof window.Hangfire === 'undefined' && typeof window.jQuery === 'undefined'"))!.GetValue<bool>(), $"{path} runs scripts");
            Assert.Empty((await browser.ScriptAsync("return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith(location.origin) && !name.startsWith('data:'))"))!.AsArray());
        }
    }

    private async Task SignInAsync(Browser browser)
    {
        var login = await server.Orc("login", "--json");
        await browser.GoAsync(JsonNode.Parse(login.Output)!["url"]!.GetValue<string>());
        await Wait.UntilAsync(async () => (await browser.UrlAsync()).EndsWith("/hangfire/training", StringComparison.Ordinal), "the list of jobs", Limit, TimeSpan.FromMilliseconds(200));
    }

    private static async Task PressAsync(Browser browser, string url, string button)
    {
        await Wait.UntilAsync(
            async () =>
            {
                await browser.GoAsync(url);
                return (await browser.ScriptAsync("return document.querySelectorAll('.js-jobs-list-checkbox').length"))!.GetValue<int>() > 0;
            },
            $"a wake-up at {url}",
            Limit,
            TimeSpan.FromMilliseconds(500));
        await browser.ClickAsync(".js-jobs-list-select-all");
        await browser.ClickAsync(button);
        await browser.AcceptAlertAsync();
        await Wait.UntilAsync(
            async () => (await browser.ScriptAsync("return document.readyState === 'complete' && document.querySelectorAll('.js-jobs-list-checkbox:checked').length === 0"))!.GetValue<bool>(),
            $"the page after {button}",
            Limit,
            TimeSpan.FromMilliseconds(200));
    }
}
