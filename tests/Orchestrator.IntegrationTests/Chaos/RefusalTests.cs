using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orchestrator.Drills.Kit;
using Orchestrator.Engine.Embedded;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>What a person asks for that would harm a live job, or could mean two of them.</summary>
[Collection(ChaosCollection.Name)]
public sealed class RefusalTests(TestServer server)
{
    [Fact]
    public async Task A_secret_that_a_live_job_needs_stays_and_one_that_is_gone_all_the_same_pauses_the_job_with_that_reason()
    {
        await SetSecretAsync("needed");
        var plan = new TrainerPlan { Name = "keeps-its-secret", Seed = 91, IsHeld = true, Extra = "secrets: {TOKEN: needed}" };
        var job = await server.SubmitAsync(plan);

        var refused = await server.Orc("secret", "remove", "needed");
        Assert.Equal(4, refused.ExitCode);
        Assert.Contains($"keeps-its-secret#{job}", refused.Errors, StringComparison.Ordinal);

        // Lost all the same, as with a database from the past.
        await server.Api.PostAsync($"jobs/{job}/pause");
        await server.UntilAsync(job, "paused");
        await using (var source = NpgsqlDataSource.Create(await EmbeddedPostgres.EnsureRunningAsync(server.Site.Data, NullLogger.Instance, CancellationToken.None)))
        await using (var command = source.CreateCommand("delete from orchestrator.secrets where name = 'needed'"))
        {
            Assert.Equal(1, await command.ExecuteNonQueryAsync());
        }

        await server.Api.PostAsync($"jobs/{job}/resume");
        JsonNode? paused = null;
        await Wait.UntilAsync(
            async () => (paused = await server.Api.JobAsync(job))["state"]!.GetValue<string>() == "paused" && paused["reason"]!.GetValue<string>().Contains("secret", StringComparison.Ordinal),
            "a pause for the secret",
            TestServer.Patience);
        Assert.Contains("secret needed is not there; store it: orchestrator secret set needed", paused!["reason"]!.GetValue<string>(), StringComparison.Ordinal);

        await SetSecretAsync("needed");
        plan.Release(server.Site);
        await server.Api.PostAsync($"jobs/{job}/resume");
        await Wait.UntilAsync(async () => (await server.Api.JobAsync(job))["state"]!.GetValue<string>() != "paused", "the resume", TestServer.Patience);
        await server.SucceedsAsync(plan, job);
        Assert.Equal(0, (await server.Orc("secret", "remove", "needed")).ExitCode);
    }

    [Fact]
    public async Task Of_two_live_jobs_of_one_name_none_is_taken_silently()
    {
        var plan = new TrainerPlan { Name = "namesakes", Seed = 92, IsHeld = true };
        var (first, second) = (await server.SubmitAsync(plan), await server.SubmitAsync(plan));

        foreach (var verb in (string[])["cancel", "show", "logs", "events", "checkpoints", "save", "resume"])
        {
            var refused = await server.Orc(verb, "namesakes");
            Assert.Equal(2, refused.ExitCode);
            Assert.Contains($"namesakes#{first}, namesakes#{second}", refused.Errors, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await server.Orc("cancel", $"#{first}")).ExitCode);
        await server.UntilAsync(first, "cancelled");
        // The one that is left answers to the name, whichever was submitted later.
        Assert.Equal(0, (await server.Orc("cancel", "namesakes")).ExitCode);
        await server.UntilAsync(second, "cancelled");
        Assert.Equal(0, (await server.Orc("show", $"namesakes#{first}")).ExitCode);
    }

    private async Task SetSecretAsync(string name)
    {
        using var http = new HttpClient { BaseAddress = server.Api.Url };
        using var request = server.Api.Request(HttpMethod.Put, "api/v1/secrets/" + name);
        request.Content = JsonContent.Create(new JsonObject { ["value"] = "hush-hush-value" });
        using var reply = await http.SendAsync(request);
        Assert.True(reply.IsSuccessStatusCode, reply.ToString());
    }
}
