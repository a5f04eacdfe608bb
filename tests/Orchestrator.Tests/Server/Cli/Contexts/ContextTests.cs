using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orchestrator.Server.Cli;
using Orchestrator.Server.Cli.Contexts;
using Xunit;

namespace Orchestrator.Tests.Server.Cli.Contexts;

public sealed class ContextTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Token = "orc_abc-DEF_123";

    private static readonly ServerContext _home = new("https://orc.example.org", Token, null);

    private readonly string _folder = Directory.CreateTempSubdirectory("orc-contexts-").FullName;
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly Dictionary<string, string> _variables = [];

    public ContextTests() => _variables["XDG_CONFIG_HOME"] = _folder;

    private ContextFile Contexts => ContextFile.Find(_variables.GetValueOrDefault)!;

    [Fact]
    public void A_file_of_contexts_is_read_as_it_was_written_and_is_its_owners_only()
    {
        var written = new ServerContexts("home", ServerContexts.None.Contexts.Add("home", _home).Add("lab", new("http://127.0.0.1:7433", "orc_x", "PEM\n")));
        Contexts.Write(ServerContexts.None);
        Contexts.Write(written);

        var read = Contexts.Read();

        Assert.Equal("home", read.Current);
        Assert.Equal(written.Contexts.ToArray(), read.Contexts.ToArray());
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Contexts.Path));
        Assert.Equal([Contexts.Path], Directory.GetFiles(Path.GetDirectoryName(Contexts.Path)!));
        Assert.Equal(_home, read.At(new Uri("https://ORC.example.org/")));
        Assert.Null(read.At(new Uri("http://orc.example.org")));
    }

    [Theory]
    [InlineData("/settings", "/home/ada", "/settings/orchestrator/contexts.json")]
    [InlineData("settings", "/home/ada", "/home/ada/.config/orchestrator/contexts.json")]
    [InlineData(null, "/home/ada", "/home/ada/.config/orchestrator/contexts.json")]
    [InlineData(null, null, null)]
    public void It_lies_with_the_persons_settings(string? settings, string? home, string? path) =>
        Assert.Equal(path, ContextFile.Find(name => name == "HOME" ? home : settings)?.Path);

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"contexts\": {\"x\": {\"url\": \"nowhere\", \"token\": \"t\"}}}")]
    [InlineData("{\"contexts\": {\"x\": null}}")]
    public async Task A_file_that_is_none_is_named(string text)
    {
        Contexts.Write(ServerContexts.None);
        await File.WriteAllTextAsync(Contexts.Path, text);

        Assert.Equal(2, await RunAsync("context", "list"));

        Assert.Contains(Contexts.Path, _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_file_that_others_can_read_is_not_used()
    {
        Contexts.Write(new("home", ServerContexts.None.Contexts.Add("home", _home)));
        File.SetUnixFileMode(Contexts.Path, OwnerOnly | UnixFileMode.GroupRead);

        Assert.Equal(3, await RunAsync("jobs"));

        Assert.Contains($"chmod 600 {Contexts.Path}", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Contexts_are_listed_chosen_and_forgotten()
    {
        Contexts.Write(new("home", ServerContexts.None.Contexts.Add("home", _home).Add("lab", _home with { Url = "https://lab.example.org" })));

        Assert.Equal(0, await RunAsync("context", "list"));
        Assert.Equal(0, await RunAsync("context", "use", "lab"));
        Assert.Equal("lab", Contexts.Read().Current);
        Assert.Equal(0, await RunAsync("context", "remove", "lab"));
        Assert.Null(Contexts.Read().Current);
        Assert.Equal("home", Assert.Single(Contexts.Read().Contexts).Key);
        Assert.Equal(0, await RunAsync("context", "use", "home"));
        Assert.Equal(0, await RunAsync("context", "use", "local"));
        Assert.Null(Contexts.Read().Current);
        Assert.Equal(2, await RunAsync("context", "use", "lab"));

        Assert.StartsWith("  local  this machine's own server\n* home  https://orc.example.org\n  lab  https://lab.example.org\n", _out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, _out.ToString() + _error, StringComparison.Ordinal);
        Assert.Equal("there is no context \"lab\"; these are: home\n", _error.ToString());
    }

    /// <summary>Nothing listens on port 9: the line says whom it asked.</summary>
    [Fact]
    public async Task Commands_go_to_the_current_context_unless_another_server_is_named()
    {
        Contexts.Write(new("home", ServerContexts.None.Contexts.Add("home", new("http://127.0.0.1:9", Token, null)).Add("lab", new("http://127.0.0.2:9", Token, null))));

        Assert.Equal("the server at http://127.0.0.1:9", await AskedAsync("jobs"));
        Assert.Equal("the server at http://127.0.0.2:9", await AskedAsync("jobs", "--context", "lab"));
        Assert.Equal("the server at http://127.0.0.3:9", await AskedAsync("jobs", "--server", "http://127.0.0.3:9", "--data", DataFolder()));
        _variables["ORCHESTRATOR_SERVER"] = "http://127.0.0.4:9";
        _variables["ORCHESTRATOR_TOKEN"] = Token;
        Assert.Equal("the server at http://127.0.0.4:9", await AskedAsync("jobs"));
        Assert.Equal("the server at http://127.0.0.2:9", await AskedAsync("jobs", "--context", "lab"));
        Assert.Equal(2, await RunAsync("jobs", "--server", "http://127.0.0.3:9", "--context", "lab"));
    }

    [Fact]
    public async Task Who_names_a_data_folder_means_its_own_server()
    {
        Contexts.Write(new("home", ServerContexts.None.Contexts.Add("home", new("http://127.0.0.1:9", Token, null))));

        Assert.Equal(3, await RunAsync("server", "status", "--data", _folder));
        Assert.Equal($"no server runs on {_folder}\n", _out.ToString());
    }

    [Theory]
    [InlineData("not an address", "is not the address of a server")]
    [InlineData("ftp://orc.example.org", "is not the address of a server")]
    [InlineData("https://orc.example.org/path", "is not the address of a server")]
    [InlineData("https://ada:x@orc.example.org", "is not the address of a server")]
    [InlineData("http://orc.example.org", "over http the token could be read on the way")]
    [InlineData("https://orc.example.org", "there is no token")]
    [InlineData("https://orc.example.org", "that is no token", "two words")]
    [InlineData("https://orc.example.org", "is this machine's own server", Token, "--name", "local")]
    [InlineData("https://orc.example.org", "is no name for a context", Token, "--name", "a b")]
    [InlineData("https://orc.example.org", "cannot be read", Token, "--ca", "/nonexistent")]
    [InlineData("https://orc.example.org", "cannot be read", Token, "--ca", "/dev/null")]
    public async Task A_login_that_cannot_work_is_refused_before_anything_is_sent_or_kept(string url, string words, string token = "", params string[] options)
    {
        Assert.Equal(2, await RunAsync(["login", url, .. options], token));

        Assert.Contains(words, _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().TrimEnd('\n').Split('\n'));
        Assert.False(File.Exists(Contexts.Path));
    }

    [Fact]
    public async Task A_login_at_a_server_that_does_not_answer_keeps_nothing()
    {
        Assert.Equal(3, await RunAsync(["login", "http://127.0.0.1:9"], Token));

        Assert.Contains("does not answer", _error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, _error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Contexts.Path));
    }

    [Fact]
    public void A_private_authority_is_the_only_one_that_is_trusted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mine", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var file = Path.Combine(_folder, "ca.crt");
        File.WriteAllText(file, certificate.ExportCertificatePem());

        var options = PrivateAuthority.Options(PrivateAuthority.Read(file));

        Assert.Equal(X509ChainTrustMode.CustomRootTrust, options.CertificateChainPolicy!.TrustMode);
        Assert.Equal([certificate.Thumbprint], options.CertificateChainPolicy.CustomTrustStore.Select(one => one.Thumbprint));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string DataFolder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;
        Orchestrator.Engine.Security.ApiToken.LoadOrCreate(Path.Combine(folder, "token"));
        return folder;
    }

    private async Task<string> AskedAsync(params string[] arguments)
    {
        _error.GetStringBuilder().Clear();
        Assert.Equal(3, await RunAsync(arguments));
        return _error.ToString().Split(" does not answer")[0];
    }

    private Task<int> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    private Task<int> RunAsync(string[] arguments, string input) =>
        CommandLine.RunAsync(arguments, new Terminal(_out, _error, new StringReader(input), false, false, 80) { Variable = _variables.GetValueOrDefault });
}
