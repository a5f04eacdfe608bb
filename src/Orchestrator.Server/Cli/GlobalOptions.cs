using System.CommandLine;

namespace Orchestrator.Server.Cli;

/// <summary>Options that every verb takes.</summary>
internal static class GlobalOptions
{
    internal static readonly Option<string?> Data = new("--data")
    {
        Description = "Data folder of the installation",
        HelpName = "DIR",
        Recursive = true,
    };

    internal static readonly Option<bool> Json = new("--json") { Description = "Print JSON", Recursive = true };

    internal static readonly Option<string?> Server = new("--server")
    {
        Description = "Address of a running server instead of this machine's own",
        HelpName = "URL",
        Recursive = true,
    };

    internal static readonly Option<string?> Context = new("--context")
    {
        Description = "A server you have signed in to (orchestrator context list)",
        HelpName = "NAME",
        Recursive = true,
    };

    internal static readonly Option<string?> Authority = new("--ca")
    {
        Description = "PEM file with the private authority of the server's certificate",
        HelpName = "FILE",
        Recursive = true,
    };
}
