using Orchestrator.Server.Cli;
using Xunit;

namespace Orchestrator.Tests.Server.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-cli-").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData("no-such-verb")]
    [InlineData("jobs", "--no-such-option")]
    [InlineData("show")]
    [InlineData("fetch", "job")]
    [InlineData("completion", "powershell")]
    [InlineData("logs", "job", "--attempt", "two")]
    [InlineData("validate", "no-such-file.yaml")]
    [InlineData("resume", "job", "--budget", "lots")]
    [InlineData("update", "job", "--max-hourly", "lots")]
    [InlineData("retry", "job", "--from-checkpoint", "newest")]
    [InlineData("retry", "job", "--set", "budget")]
    [InlineData("show", "job", "--server", "not an address")]
    [InlineData("machine", "ban")]
    [InlineData("machine", "add", "lab-1", "--address", "10.0.0.5")]
    [InlineData("store", "add", "lab")]
    [InlineData("server", "token", "create", "--role", "viewer", "--name", "ci")]
    [InlineData("server", "token", "create", "--role", "owner", "--name", "ci", "--expires", "30d")]
    [InlineData("server", "token", "create", "--role", "viewer", "--name", "ci", "--expires", "soon")]
    [InlineData("server", "token", "revoke")]
    [InlineData("server", "link", "--expires", "never")]
    [InlineData("server", "link", "--address", "orchestrator.example.org")]
    [InlineData("server", "link", "--address", "https://example.org/view?token=x")]
    [InlineData("store", "add", "lab", "--bucket", "b", "--path", "/mnt")]
    public async Task Bad_usage_is_one_line_and_exit_code_2(params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(arguments));

        Assert.Single(_error.ToString().TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unknown verb \"jbos\"; did you mean jobs? see: orchestrator --help", "jbos")]
    [InlineData("unknown verb \"frobnicate\"; see: orchestrator --help", "frobnicate")]
    [InlineData("unknown option \"--folow\"; did you mean --follow? see: orchestrator logs --help", "logs", "job", "--folow")]
    [InlineData("unknown option \"--jsn\"; did you mean --json? see: orchestrator show --help", "show", "--jsn", "job")]
    [InlineData("unknown option \"--jsn\"; did you mean --json? see: orchestrator jobs --help", "jobs", "--jsn")]
    [InlineData("unknown verb \"rmove\"; did you mean remove? see: orchestrator secret --help", "secret", "rmove", "x")]
    [InlineData("unknown option \"--naw\"; did you mean --now? see: orchestrator cancel --help", "cancel", "job", "--naw=true")]
    public async Task A_slip_is_repeated_with_the_nearest_known_word(string expected, params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(arguments));

        Assert.Equal(expected, _error.ToString().TrimEnd('\n'));
    }

    [Theory]
    [InlineData("jobs", "--since", "banana")]
    [InlineData("report", "weekend", "--from", "next year")]
    [InlineData("report", "fortnight")]
    [InlineData("report", "--data-residency", "job", "--from", "3d")]
    [InlineData("jobs", "--watch")]
    [InlineData("top", "--twice")]
    [InlineData("logs", "job", "--grep", "(")]
    [InlineData("logs", "job", "--raw", "--json")]
    public async Task Options_that_cannot_be_read_end_with_2_before_any_server_is_asked(params string[] arguments) => Assert.Equal(2, await RunAsync(arguments));

    [Fact]
    public async Task A_server_that_does_not_answer_is_exit_code_3()
    {
        // Port 9 of loopback: nothing listens there, and the connection is refused at once.
        Assert.Equal(3, await RunAsync("jobs", "--server", "http://127.0.0.1:9"));
    }

    [Fact]
    public async Task A_server_whose_database_does_not_answer_ends_with_a_line_and_3()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "orchestrator.yaml"), "server: {database: 'Host=127.0.0.1;Port=9;Database=x;Username=x'}\n");

        Assert.Equal(3, await RunAsync("serve", "--port", "0", "--detached"));

        Assert.Contains("the database does not answer", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_follows_two_dashes_are_no_options_of_ours() =>
        Assert.Equal(3, await RunAsync("exec", "job", "--server", "http://127.0.0.1:9", "--", "ls", "-l", "--all"));

    [Fact]
    public async Task Without_a_token_it_says_where_one_would_be()
    {
        File.Delete(Path.Combine(_folder, "token"));

        Assert.Equal(3, await RunAsync("jobs", "--server", "http://127.0.0.1:9"));

        Assert.Contains(_folder, _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_of_a_folder_without_a_server_starts_none()
    {
        Assert.Equal(3, await RunAsync("server", "status"));

        Assert.False(File.Exists(Path.Combine(_folder, "server.json")));
        Assert.False(Directory.Exists(Path.Combine(_folder, "pg")));
    }

    [Fact]
    public async Task Validate_places_every_problem_and_ends_with_2()
    {
        var file = Path.Combine(_folder, "job.yaml");
        await File.WriteAllTextAsync(file, "name: x\nrun: 1\ncommand: [a]\nnonsense: 1\n");

        Assert.Equal(2, await RunAsync("validate", file));

        Assert.Contains($"{file}:4:1:", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_of_a_good_spec_ends_with_0_and_shows_where_values_come_from()
    {
        var file = Path.Combine(_folder, "job.yaml");
        await File.WriteAllTextAsync(file, "run: echo hello\nresources: {gpu: none}\ncheckpoints: none\n");

        Assert.Equal(0, await RunAsync("validate", file, "--show", "--set", "max-runtime=2h"));

        Assert.Contains("max-runtime: 2h", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_file_is_just_a_name()
    {
        var list = Path.Combine(_folder, "arguments");
        await File.WriteAllTextAsync(list, "version\n");

        Assert.Equal(2, await RunAsync("@" + list));
    }

    [Theory]
    [InlineData("bash", "complete -o filenames -F _orchestrator orchestrator orc")]
    [InlineData("zsh", "#compdef orchestrator orc")]
    [InlineData("fish", "complete -c orc")]
    public async Task Completion_names_every_verb(string shell, string sign)
    {
        Assert.Equal(0, await RunAsync("completion", shell));

        Assert.Contains(sign, _out.ToString(), StringComparison.Ordinal);
        Assert.All((string[])["run", "submit", "logs", "recover", "doctor"], verb => Assert.Contains(verb, _out.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Init_writes_a_configuration_that_reads_without_problems_and_leaves_an_old_one_alone()
    {
        Assert.Equal(0, await RunAsync("init"));
        var path = Path.Combine(_folder, "orchestrator.yaml");
        await File.AppendAllTextAsync(path, "# mine\n");

        Assert.Equal(0, await RunAsync("init"));

        Assert.EndsWith("# mine\n", await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_of_the_first_configuration_can_be_taken_as_it_stands()
    {
        Assert.Equal(0, await RunAsync("init"));
        var lines = await File.ReadAllLinesAsync(Path.Combine(_folder, "orchestrator.yaml"));
        var active = string.Join('\n', lines.Where(line => line.StartsWith("# ", StringComparison.Ordinal)).Skip(2).Select(line => line[2..]));

        var configuration = Orchestrator.Server.Configuration.ServerConfigurationReader.Read(active, "orchestrator.yaml");

        Assert.Equal(("127.0.0.1", 7433, 4), (configuration.Listen, configuration.Port, configuration.Local.Cpus));
        Assert.Empty(configuration.Notes);
    }

    [Theory]
    [InlineData(401, 3)]
    [InlineData(404, 2)]
    [InlineData(409, 4)]
    [InlineData(422, 2)]
    [InlineData(503, 3)]
    public void Statuses_map_to_exit_codes(int status, int exit) => Assert.Equal(exit, ExitCodes.OfStatus(status));

    [Theory]
    [InlineData("succeeded", 0)]
    [InlineData("failed", 1)]
    [InlineData("cancelled", 1)]
    [InlineData("deadline-missed", 1)]
    [InlineData("paused", 4)]
    public void Ends_of_jobs_map_to_exit_codes(string state, int exit) => Assert.Equal(exit, ExitCodes.OfState(state));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> RunAsync(params string[] arguments)
    {
        var token = Path.Combine(_folder, "token");
        if (!File.Exists(token) && !arguments.Contains("--server"))
        {
            Orchestrator.Engine.Security.ApiToken.LoadOrCreate(token);
        }

        return CommandLine.RunAsync([.. arguments, "--data", _folder], new Terminal(_out, _error, TextReader.Null, false, false, 80));
    }
}
