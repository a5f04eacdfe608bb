using Orchestrator.Drills.Kit;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>What people and hosts get wrong, by mistake or on purpose.</summary>
[Collection(ChaosCollection.Name)]
public sealed class BadInputTests(TestServer server)
{
    [Fact]
    public async Task A_command_that_does_not_exist_fails_the_job_clearly_and_no_other()
    {
        var good = new TrainerPlan { Name = "unaffected", Seed = 91, Steps = 30 };
        var goodJob = await server.SubmitAsync(good);
        var spec = Path.Combine(server.Site.Work, "missing-command.yaml");
        await File.WriteAllTextAsync(spec, "name: missing-command\ncommand: [no-such-program-xyz, --go]\nresources: {gpu: none, cpu: 1, memory: 64MB}\ncheckpoints: none\nprogress: none\n");

        var job = await server.Api.SubmitAsync(spec);

        var ended = await server.UntilAsync(job, "failed", "succeeded");
        Assert.Equal("failed", ended["state"]!.GetValue<string>());
        var logs = await server.Orc("logs", "missing-command");
        Assert.Contains("no-such-program-xyz", ended.ToJsonString() + logs.Output, StringComparison.Ordinal);
        Assert.Equal(0, ended["interruptions"]!.GetValue<int>());
        await server.NothingLeftAsync(job);
        await server.SucceedsAsync(good, goodJob);
    }

    [Fact]
    public async Task A_spec_that_cannot_be_read_ends_with_2_and_one_clear_line()
    {
        var garbage = Path.Combine(server.Site.Work, "garbage.yaml");
        await File.WriteAllBytesAsync(garbage, [0, 159, 146, 150, 255, 1, 2, 10, 13]);
        foreach (var file in (string[])[Path.Combine(server.Site.Work, "not-there.yaml"), server.Site.Work, garbage])
        {
            var said = await server.Orc("submit", file);

            Assert.True(said.ExitCode == 2, said.ToString());
            Assert.Contains(Path.GetFileName(file), said.Output + said.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", said.Output + said.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_agent_that_talks_nonsense_harms_neither_its_job_nor_others()
    {
        // Stands in for the agent: the first visits get nonsense, later ones the real agent.
        var folder = Directory.CreateDirectory(Path.Combine(server.Site.Work, "hostile")).FullName;
        var hostile = Path.Combine(folder, "orchestrator-agent");
        await File.WriteAllTextAsync(hostile, $$$"""
            #!/bin/sh
            count="{{{folder}}}/visits"
            if [ "$1" = attach ]; then
              n=$(cat "$count" 2>/dev/null || echo 0)
              echo $((n + 1)) >"$count"
              case $n in
                0) head -c 3000000 /dev/zero | tr '\0' x; exit 0 ;;
                1) printf '{"kind":"hello","label":"orc-other-1-1","major":1,"minor":0}\n'; exit 0 ;;
                2) printf 'not json at all\n{"kind":"event","event":{"seq":-5}}\n'; exit 0 ;;
                3) printf '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n\000\377\n'; exit 0 ;;
              esac
            fi
            exec "{{{TestServer.Products.Agent}}}" "$@"
            """);
        File.SetUnixFileMode(hostile, File.GetUnixFileMode(hostile) | UnixFileMode.UserExecute);
        server.Environment["ORCHESTRATOR_AGENT"] = hostile;
        try
        {
            await server.RestartAsync();
            var plan = new TrainerPlan { Name = "hostile", Seed = 92, Steps = 30 };
            await server.SucceedsAsync(plan, await server.SubmitAsync(plan));
            Assert.True(int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "visits")), System.Globalization.CultureInfo.InvariantCulture) > 4, "the stand-in was not asked");
        }
        finally
        {
            server.Environment.Remove("ORCHESTRATOR_AGENT");
            await server.RestartAsync();
        }
    }
}
