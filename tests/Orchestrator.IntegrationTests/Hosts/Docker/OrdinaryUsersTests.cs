using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;
using Orchestrator.IntegrationTests.Chaos;
using Orchestrator.IntegrationTests.JobTemplates;
using Xunit;

namespace Orchestrator.IntegrationTests.Hosts.Docker;

/// <summary>Users of a machine who are not root: one in Docker's group, one whom sudo lets run docker and nothing else, and one who may not.</summary>
public sealed class OrdinaryUsersTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);
    private readonly TestServer _server = new();
    private readonly RentedMachine _machine = new("users");
    private string _image = "";

    public async Task InitializeAsync()
    {
        if (new DockerFactAttribute().Skip is not null)
        {
            return;
        }

        await _machine.InitializeAsync();
        _image = (await ScriptRun.SucceedsAsync("test-servers", _patience, "push", "machine"))[^1];
        await _machine.RunAsync(
            """
            for user in grouped sudoer outsider; do
              useradd --create-home --shell /bin/sh --password '*' $user
              mkdir "$1/$user" && chown $user "$1/$user"
            done
            group=$(stat -c %g /var/run/docker.sock)
            getent group "$group" >/dev/null || groupadd --gid "$group" reachers
            usermod --append --groups "$(getent group "$group" | cut -d: -f1)" grouped
            echo "sudoer ALL=(root) NOPASSWD: $(command -v docker)" >/etc/sudoers.d/sudoer
            chmod 440 /etc/sudoers.d/sudoer
            """,
            _machine.Root);
        _server.Environment["ORCHESTRATOR_TUNING"] =
            "lease=60,lease-margin=1,effect-timeout=25,settling=4,listing-age=1,observe=0.5,sweep=3,channel-lease=6,channel-silence=20,silence=10,loss-max-wait=60,backoff=0.5,"
            + "effect-retry=4,destroy-retry=3,offer-retry=2,boot=300,connect=300";
        var site = new Site("users");
        await File.WriteAllTextAsync(Path.Combine(site.Data, "orchestrator.yaml"), $"""
            machines:
              {_machine.ConfigurationOf("grouped")}
              {_machine.ConfigurationOf("sudoer")}
              {_machine.ConfigurationOf("outsider")}
            """);
        await _server.StartAsync(site);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _machine.DisposeAsync();
    }

    [DockerFact]
    public async Task A_user_of_dockers_group_and_one_who_may_sudo_docker_run_containers_and_any_other_is_told_how()
    {
        var grouped = await SubmitAsync("grouped");
        var sudoer = await SubmitAsync("sudoer");
        var outsider = await SubmitAsync("outsider");

        foreach (var (job, user) in ((long, string)[])[(grouped, "grouped"), (sudoer, "sudoer")])
        {
            await CheckAsync(job, user);
        }

        await UntilAsync(async () => (await _server.Api.JobAsync(outsider)).ToString().Contains("without containers (Docker cannot be used: ", StringComparison.Ordinal), "the job to say why it waits");
        Assert.Contains("sudo usermod -aG docker outsider", await DoctorAsync(), StringComparison.Ordinal);

        // A Docker of the user's own is there, and the command does not look for it.
        await _machine.RunAsync("""
            folder=/run/user/$(id -u outsider)
            mkdir -p "$folder" && perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => shift, Listen => 1) or die $!' "$folder/docker.sock" && chown -R outsider "$folder"
            """);
        await UntilAsync(async () => (await DoctorAsync()).Contains("docker context use rootless", StringComparison.Ordinal), "doctor to speak of the rootless Docker");
    }

    private async Task CheckAsync(long job, string user)
    {
        JsonNode? seen = null;
        await UntilAsync(async () => (await _server.Orc("logs", user)).Output.Contains("trains as root of its container", StringComparison.Ordinal), "the log of " + user);
        // Neither of them the user could delete.
        var leftovers = await _machine.RunAsync("find \"$1\" -user root -type d '(' -name open -perm 755 -o -name closed -perm 700 ')' | sort", _machine.RootOf(user) + "/instances");
        Assert.Matches("/closed\n.*/open\n$", leftovers);
        var entered = await _server.Orc("exec", user, "--", "touch", "/tmp/release");
        Assert.True(entered.ExitCode == 0, entered.Output + entered.Errors);
        await UntilAsync(async () => (seen = await _server.Api.JobAsync(job))["state"]!.GetValue<string>() is "succeeded" or "failed" or "cancelled" or "paused", "the end of the job of " + user);
        Assert.True(seen!["state"]!.GetValue<string>() == "succeeded", seen + "\n" + _server.Server.Tail());
        Assert.Single(seen["attempts"]!.AsArray());
        await UntilAsync(async () => (await _machine.RunAsync("ls -A \"$1\"", _machine.RootOf(user) + "/instances")).Trim().Length == 0, "nothing left of " + user);
    }

    private async Task<long> SubmitAsync(string user)
    {
        var spec = Path.Combine(_server.Site.Work, user + ".yaml");
        await File.WriteAllTextAsync(spec, $$"""
            name: {{user}}
            image: {{_image}}
            shell: sh
            run: |
              beside=$(dirname "$ORCHESTRATOR_PROGRESS_FILE")
              mkdir -m 755 "$beside/open" && mkdir -m 700 "$beside/closed" && touch "$beside/open/.hidden" "$beside/closed/file"
              [ "$(id -u)" = 0 ] && echo "trains as root of its container"
              until [ -e /tmp/release ]; do sleep 0.2; done
            resources: {gpu: none, cpu: 1, memory: 64MB}
            providers: [ssh/{{user}}]
            checkpoints: none
            progress: jsonl
            """);
        return await _server.Api.SubmitAsync(spec);
    }

    /// <summary>A narrow terminal breaks lines anywhere.</summary>
    private async Task<string> DoctorAsync() => string.Join(' ', (await _server.Orc("doctor")).Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        try
        {
            await Wait.UntilAsync(condition, "", _patience, TimeSpan.FromMilliseconds(300));
        }
        catch (TimeoutException)
        {
            Assert.Fail($"never happened: {what}\n{(await _server.Orc("jobs", "--json")).Output}\n{_server.Server.Tail()}");
        }
    }
}
