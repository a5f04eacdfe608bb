using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Lambda;

/// <summary>What our own client does not use: the account's rules for what comes in, and other names for machines.</summary>
public sealed partial class LambdaEmulator
{
    /// <summary>Null = nobody has changed them.</summary>
    private JsonArray? _rules;

    /// <summary>They count for machines that are launched from then on.</summary>
    private JsonArray Firewall() => _rules ?? (Switches.OpensPort22 ? new JsonArray(Rule()) : []);

    private static JsonObject Rule() => new() { ["protocol"] = "tcp", ["port_range"] = new JsonArray(22, 22), ["source_network"] = "0.0.0.0/0", ["description"] = "Allow SSH" };

    private bool IsOpen(int port) => Firewall().Any(rule =>
        rule?["protocol"]?.ToString() == "all" || (rule?["protocol"]?.ToString() == "tcp" && rule["port_range"] is JsonArray { Count: 2 } range && (int)range[0]! <= port && port <= (int)range[1]!));

    private EmulatedAnswer SetFirewall(JsonObject? body)
    {
        if (body?["data"] is not JsonArray rules || rules.Any(rule => rule?["protocol"]?.ToString() is not ("tcp" or "udp" or "icmp" or "all")))
        {
            return Error(400, "global/invalid-parameters", "Invalid request data.");
        }

        _rules = rules.DeepClone().AsArray();
        return Data(_rules.DeepClone());
    }

    private EmulatedAnswer Rename(EmulatedRequest request, string id, DateTimeOffset now)
    {
        if (request.Method != Switches.RenameMethod)
        {
            return EmulatedAnswer.Page(405, "Method Not Allowed");
        }

        if (Known(id, now) is not { } machine)
        {
            return Missing("Specified instance");
        }

        if (request.Body?["name"]?.ToString() is not { Length: > 0 and <= 64 } name)
        {
            return Error(400, "global/invalid-parameters", "Invalid request data.");
        }

        machine.Order["name"] = name;
        return Data(Row(machine, now));
    }
}
