using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Desk;

/// <summary>Whether the file of the configuration still is what the server runs with.</summary>
internal static class ConfigurationCheck
{
    internal static IEnumerable<DoctorCheck> Of(ServerConfiguration running)
    {
        if (running.Path is not { } path)
        {
            return [];
        }

        try
        {
            return ServerConfigurationReader.Load(path, isNamed: false).Text == running.Text
                ? []
                : [new("config", "warning", $"{path} has changed since the server started, which still runs with what it was", "orchestrator server stop; the next command starts it anew, and jobs train on meanwhile")];
        }
        catch (ConfigurationException broken)
        {
            return [new("config", "bad", $"{broken.Message}; the server runs with what the file was, and could not start again", "mend it before the server is stopped")];
        }
    }
}
