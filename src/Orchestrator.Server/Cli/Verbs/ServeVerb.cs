using System.CommandLine;
using Orchestrator.Engine.Configuration;
using Orchestrator.Server.Composition;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>serve</c>.</summary>
internal static class ServeVerb
{
    internal static Command Create(Terminal terminal)
    {
        var listen = new Option<string?>("--listen") { Description = "Address to listen on (127.0.0.1)", HelpName = "ADDRESS" };
        var port = new Option<int?>("--port") { Description = "Port; 0 = a free one (7433, or a free one where that is taken)", HelpName = "N" };
        var beside = new Option<bool>("--beside") { Description = "A further server on the same data folder; server.json stays the first one's" };
        var detached = new Option<bool>("--detached") { Hidden = true };
        return Verb.Create("serve", "Run the server in the foreground", terminal, async (context, cancellation) =>
        {
            var folder = DataFolder.Create(context.Folder.Root);
            var configuration = context.Configuration();
            // A container is told its public name by whoever runs it, beside a file that it shares with others.
            configuration = configuration with { Hosts = [.. configuration.Hosts, .. (Environment.GetEnvironmentVariable(ServerConfiguration.HostsVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] };
            var chosenPort = context.Parsed.GetValue(port) ?? configuration.Port;
            if (chosenPort is < 0 or > 65535)
            {
                throw new CliException(ExitCodes.Usage, $"{chosenPort} is not a port", "give one from 0 to 65535; 0 takes a free one");
            }

            var address = context.Parsed.GetValue(listen) ?? configuration.Listen ?? "127.0.0.1";
            if (address != "localhost" && !System.Net.IPAddress.TryParse(address, out _))
            {
                throw new CliException(ExitCodes.Usage, $"\"{address}\" is not an IP address", "for example --listen 127.0.0.1 --port 7433");
            }

            return await ServerProgram.RunAsync(
                new ServeOptions
                {
                    Folder = folder,
                    Configuration = configuration,
                    Listen = address,
                    Port = chosenPort ?? ServeOptions.DefaultPort,
                    PortIsDefault = chosenPort is null,
                    Beside = context.Parsed.GetValue(beside),
                    Detached = context.Parsed.GetValue(detached),
                    Database = Environment.GetEnvironmentVariable(ServerConfiguration.DatabaseVariable) is { Length: > 0 } database ? database : configuration.Database,
                },
                terminal,
                cancellation);
        }, listen, port, beside, detached);
    }
}
