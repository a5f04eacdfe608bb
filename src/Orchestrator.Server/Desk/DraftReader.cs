using Orchestrator.Server.Configuration;

namespace Orchestrator.Server.Desk;

/// <summary>Reads a piece of configuration that a person wants to try first.</summary>
internal static class DraftReader
{
    /// <summary>Throws <see cref="DeskException"/> with every error.</summary>
    internal static ServerConfiguration Read(string? yaml)
    {
        try
        {
            return ServerConfigurationReader.Read(yaml ?? "", ServerConfiguration.FileName);
        }
        catch (ConfigurationException wrong)
        {
            throw new DeskException(Refusal.BadRequest, string.Join("; ", wrong.Problems.Where(problem => problem.IsError).Select(problem => problem.Text)), "mend that and try again");
        }
    }
}
