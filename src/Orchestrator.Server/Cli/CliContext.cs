using System.CommandLine;
using System.Text.Json;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Security;
using Orchestrator.Server.Api;
using Orchestrator.Server.Cli.Contexts;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Cli;

/// <summary>What a verb works with.</summary>
internal sealed class CliContext(ParseResult parsed, Terminal terminal)
{
    private const string ServerVariable = "ORCHESTRATOR_SERVER";
    private const string TokenVariable = "ORCHESTRATOR_TOKEN";

    private readonly Lazy<(Uri Url, ServerContext? Context)?> _chosen = new(() => Choose(parsed, terminal));
    private DataFolder? _folder;

    internal ParseResult Parsed => parsed;

    internal Terminal Terminal => terminal;

    internal bool Json => parsed.GetValue(GlobalOptions.Json);

    internal DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    internal DataFolder Folder => _folder ??= ResolveFolder();

    /// <summary>Set when a person chose a server that is not ours to start.</summary>
    internal string? ChosenServer => _chosen.Value?.Url.ToString();

    internal string? GivenToken => Variable(terminal, TokenVariable);

    /// <summary>PEM that <c>--ca</c> names; null = it is not given.</summary>
    internal string? Authority => parsed.GetValue(GlobalOptions.Authority) is { } file ? PrivateAuthority.Read(file) : null;

    internal ContextFile ContextFile => FindContexts(terminal) ?? throw new CliException(ExitCodes.Usage, "HOME is not set, so there is no place to keep contexts", "set HOME or XDG_CONFIG_HOME");

    internal ServerContexts Contexts() => ContextFile.Read();

    internal ServerConfiguration Configuration()
    {
        var named = Environment.GetEnvironmentVariable(ServerConfiguration.Variable) is { Length: > 0 } path ? path : null;
        return ServerConfigurationReader.Load(named ?? Path.Combine(Folder.Root, ServerConfiguration.FileName), named is not null);
    }

    /// <summary>A client of the server, which is started first where it is this machine's own and does not run.</summary>
    internal async Task<ApiClient> ConnectAsync(CancellationToken cancellation)
    {
        if (_chosen.Value is { } chosen)
        {
            return new ApiClient(chosen.Url, chosen.Context?.Token ?? GivenToken ?? ReadToken(), Authority ?? chosen.Context?.Authority);
        }

        var record = await EmbeddedServer.EnsureAsync(Folder, terminal, cancellation);
        return new ApiClient(new Uri(record.Url), ReadToken());
    }

    internal void Print(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            terminal.Out.WriteLine(line);
        }
    }

    internal void PrintJson<T>(T value) => terminal.Out.WriteLine(JsonSerializer.Serialize(value, ApiJson.Indented));

    /// <summary>
    /// What is said on the command line or in a variable, else the current context. Whoever names a data folder means its server, whatever
    /// context is current. Null = this machine's own.
    /// </summary>
    private static (Uri Url, ServerContext? Context)? Choose(ParseResult parsed, Terminal terminal)
    {
        var (server, name) = (parsed.GetValue(GlobalOptions.Server), parsed.GetValue(GlobalOptions.Context));
        if (server is not null && name is not null)
        {
            throw new CliException(ExitCodes.Usage, "--server and --context name two servers", "give one of them");
        }

        if (name is not null)
        {
            return name == ServerContexts.Local ? null : Of((FindContexts(terminal)?.Read() ?? ServerContexts.None).Named(name));
        }

        if ((server ?? Variable(terminal, ServerVariable)) is { } address)
        {
            return Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? (url, Variable(terminal, TokenVariable) is null && FindContexts(terminal) is { } file ? file.Read().At(url) : null)
                : throw new CliException(ExitCodes.Usage, $"\"{address}\" is not the address of a server", "for example --server http://127.0.0.1:7433");
        }

        if (parsed.GetValue(GlobalOptions.Data) is not null || Variable(terminal, DataFolder.Variable) is not null || Variable(terminal, ServerConfiguration.Variable) is not null)
        {
            return null;
        }

        return FindContexts(terminal)?.Read() is { Current: { } current } all ? Of(all.Named(current)) : null;

        static (Uri, ServerContext?) Of(ServerContext context) => (new Uri(context.Url), context);
    }

    private static ContextFile? FindContexts(Terminal terminal) => ContextFile.Find(terminal.Variable);

    private static string? Variable(Terminal terminal, string name) => terminal.Variable(name) is { Length: > 0 } value ? value : null;

    private string ReadToken()
    {
        try
        {
            return ApiToken.Load(Folder.TokenFile).Value;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCodes.Unreachable, $"there is no token in {Folder.TokenFile}", $"name the server's data folder with --data, or set {TokenVariable}");
        }
    }

    private DataFolder ResolveFolder()
    {
        var option = parsed.GetValue(GlobalOptions.Data);
        if (option is null && Environment.GetEnvironmentVariable(DataFolder.Variable) is not { Length: > 0 }
            && Environment.GetEnvironmentVariable(ServerConfiguration.Variable) is { Length: > 0 } named)
        {
            option = ServerConfigurationReader.Load(named, isNamed: true).DataFolder;
        }

        return DataFolder.Resolve(option);
    }
}
