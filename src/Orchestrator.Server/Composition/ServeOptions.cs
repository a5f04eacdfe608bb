using Orchestrator.Engine.Configuration;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Composition;

/// <summary>What <c>serve</c> was asked for, after options, variables and configuration were put together.</summary>
public sealed record ServeOptions
{
    public const int DefaultPort = 7433;

    public required DataFolder Folder { get; init; }

    public required ServerConfiguration Configuration { get; init; }

    /// <summary>Address to listen on: loopback unless a person chose otherwise.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>0 = a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Nobody chose the port: when it is taken, a free one will do.</summary>
    public bool PortIsDefault { get; init; }

    /// <summary>Started by the command line: the console is a file.</summary>
    public bool Detached { get; init; }

    /// <summary>A further server on the same data folder: leaves <c>server.json</c> to the first one.</summary>
    public bool Beside { get; init; }

    /// <summary>Connection string of PostgreSQL; null = the private cluster in the data folder.</summary>
    public string? Database { get; init; }
}
