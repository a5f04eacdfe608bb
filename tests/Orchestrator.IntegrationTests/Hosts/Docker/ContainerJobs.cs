using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>Jobs of sh in containers: submitted, watched, released.</summary>
internal sealed class ContainerJobs(TestServer server)
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    public async Task SetSecretAsync(string name, string value)
    {
        using var http = new HttpClient { BaseAddress = server.Api.Url };
        using var request = server.Api.Request(HttpMethod.Put, "api/v1/secrets/" + name);
        request.Content = JsonContent.Create(new JsonObject { ["value"] = value });
        using var reply = await http.SendAsync(request);
        Assert.True(reply.IsSuccessStatusCode, reply.ToString());
    }

    /// <summary>A trainer of sh: it holds at step 40 until somebody makes /tmp/release in its container.</summary>
    public async Task<long> SubmitAsync(string name, string image, string more = "providers: [ssh/box]", string gpu = "none")
    {
        var spec = Path.Combine(server.Site.Work, name + ".yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: {{name}}
            image: {{image}}
            shell: sh
            setup: mkdir -p /workspace; echo "sh of the image" >/workspace/told
            run: |
              [ -z "${TOKEN+x}" ] || echo "the token has ${#TOKEN} letters"
              step=0 waits=0
              if [ -n "$ORCHESTRATOR_RESUME_FROM" ]; then step=$(cat "$ORCHESTRATOR_RESUME_FROM/step"); echo "resumed from ${ORCHESTRATOR_RESUME_FROM##*/}"; fi
              while [ $step -lt 60 ]; do
                if [ $step -eq 40 ] && [ ! -e /tmp/release ]; then waits=$((waits + 1)); echo "waiting $waits"; sleep 0.2; continue; fi
                step=$((step + 1))
                echo "step $step"
                if [ $((step % 20)) -eq 0 ]; then
                  mkdir -p $ORCHESTRATOR_CHECKPOINT_DIR/.new && echo $step >$ORCHESTRATOR_CHECKPOINT_DIR/.new/step && mv $ORCHESTRATOR_CHECKPOINT_DIR/.new $ORCHESTRATOR_CHECKPOINT_DIR/step-$step
                fi
                sleep 0.1
              done
              mkdir -p /out && echo $step >/out/result
            resources: {gpu: {{gpu}}, cpu: 1, memory: 64MB, shm: 32MB}
            checkpoints: {path: /ckpt, format: files, complete: {rename: true} }
            outputs: [{from: /out, when: success}]
            progress: none
            {{more}}
            """);
        return await server.Api.SubmitAsync(spec);
    }

    /// <summary>A job that needs no Docker.</summary>
    public async Task<long> SubmitBareAsync(string name)
    {
        var spec = Path.Combine(server.Site.Work, name + ".yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: {{name}}
            run: echo done
            resources: {gpu: none, cpu: 1, memory: 64MB}
            providers: [ssh/box]
            checkpoints: none
            progress: none
            """);
        return await server.Api.SubmitAsync(spec);
    }

    /// <summary>Doctor looks at every machine anew.</summary>
    public Task UntilLookedAtAsync(Func<Task<bool>> condition, string what) => UntilAsync(
        async () =>
        {
            await server.Orc("doctor");
            return await condition();
        },
        what);

    public async Task<string> ContainerAsync(TestDocker docker, long job, string not)
    {
        var found = "";
        await UntilAsync(
            async () => (found = (await docker.RunAsync("ps", "--quiet", "--no-trunc", "--filter", FormattableString.Invariant($"label=orchestrator.job={job}"))).Split('\n')[0]).Length > 0 && found != not,
            "a container of job " + job.ToString(CultureInfo.InvariantCulture));
        return found;
    }

    public Task LoggedAsync(long job, string words) => UntilAsync(async () => (await LogAsync(job)).Contains(words, StringComparison.Ordinal), $"\"{words}\" in the log");

    public async Task<int> WaitingLinesAsync(long job) => (await LogAsync(job)).Split('\n').Count(line => line.Contains("waiting", StringComparison.Ordinal));

    public async Task<string> LogAsync(long job) => (await server.Orc("logs", job.ToString(CultureInfo.InvariantCulture))).Output;

    public async Task<string> PausedAsync(long job)
    {
        var ended = await EndAsync(job);
        Assert.True(ended["state"]!.GetValue<string>() == "paused", ended.ToString());
        return ended.ToString();
    }

    public async Task<JsonNode> EndAsync(long job)
    {
        JsonNode? seen = null;
        await UntilAsync(
            async () => (seen = await server.Api.JobAsync(job))["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused",
            $"the end of the job: {seen}");
        return seen!;
    }

    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        try
        {
            await Wait.UntilAsync(condition, "", _patience, TimeSpan.FromMilliseconds(300));
        }
        catch (TimeoutException)
        {
            var jobs = await server.Orc("jobs", "--json");
            Assert.Fail($"never happened: {what}\n{jobs.Output}\n{server.Server.Tail()}");
        }
    }

    /// <summary>Lets a job that holds at step 40 go on, and sees it succeed.</summary>
    public async Task<JsonNode> ReleaseAsync(TestDocker docker, long job, string container)
    {
        await LoggedAsync(job, "step 40");
        await docker.RunAsync("exec", container, "touch", "/tmp/release");
        var ended = await EndAsync(job);
        Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended.ToString());
        return ended;
    }
}
