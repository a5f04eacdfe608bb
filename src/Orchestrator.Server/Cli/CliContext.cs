using System.CommandLine;
using System.Text.Json;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Security;
using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Cli;

/// <summary>What a verb works with.</summary>
internal sealed class CliContext(ParseResult parsed, Terminal terminal)
{
    private const string ServerVariable = "ORCHESTRATOR_SERVER";
    private const string TokenVariable = "ORCHESTRATOR_TOKEN";

    private DataFolder? _folder;

    internal ParseResult Parsed => parsed;

    internal Terminal Terminal => terminal;

    internal bool Json => parsed.GetValue(GlobalOptions.Json);

    internal DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    internal DataFolder Folder => _folder ??= ResolveFolder();

    /// <summary>Set when a person chose a server that is not ours to start.</summary>
    internal string? ChosenServer => parsed.GetValue(GlobalOptions.Server) ?? (Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } url ? url : null);

    internal ServerConfiguration Configuration()
    {
        var named = Environment.GetEnvironmentVariable(ServerConfiguration.Variable) is { Length: > 0 } path ? path : null;
        return ServerConfigurationReader.Load(named ?? Path.Combine(Folder.Root, ServerConfiguration.FileName), named is not null);
    }

    /// <summary>A client of the server, which is started first where it is this machine's own and does not run.</summary>
    internal async Task<ApiClient> ConnectAsync(CancellationToken cancellation)
    {
        if (ChosenServer is { } chosen)
        {
            return Uri.TryCreate(chosen, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? new ApiClient(url, Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : ReadToken())
                : throw new CliException(ExitCodes.Usage, $"\"{chosen}\" is not the address of a server", "for example --server http://127.0.0.1:7433");
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
