using Orchestrator.Spending;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>limits</c>, of the server and of an account.</summary>
internal static class LimitsReader
{
    internal static ServerLimits Read(ConfigurationNode node)
    {
        var limits = new ServerLimits();
        foreach (var (key, value) in node.Entries("max-hourly", "max-weekly", "max-instances", "per-owner"))
        {
            limits = key switch
            {
                "max-hourly" => limits with { MaxHourly = value.DollarsPerHour() },
                "max-weekly" => limits with { MaxWeekly = value.DollarsPerWeek() },
                "max-instances" => limits with { MaxInstances = value.Whole(0, 100_000) },
                _ => Later(limits, value),
            };
        }

        return limits;
    }

    internal static ServerLimits ReadOfAccount(ConfigurationNode node)
    {
        var limits = new ServerLimits();
        foreach (var (key, value) in node.Entries("max-hourly", "max-weekly", "max-instances"))
        {
            limits = key switch
            {
                "max-hourly" => limits with { MaxHourly = value.DollarsPerHour() },
                "max-weekly" => limits with { MaxWeekly = value.DollarsPerWeek() },
                _ => limits with { MaxInstances = value.Whole(0, 100_000) },
            };
        }

        return limits;
    }

    private static ServerLimits Later(ServerLimits limits, ConfigurationNode node)
    {
        node.NotAvailable($"{node.Path}: not available yet, all jobs count together; it is ignored");
        return limits;
    }
}
