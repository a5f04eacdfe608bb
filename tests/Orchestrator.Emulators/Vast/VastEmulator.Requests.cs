using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>What it takes of a request, and restarts on demand: things that our own client does not use.</summary>
public sealed partial class VastEmulator
{
    private const int LongestTogether = 4096;

    private static readonly string[] _unslashed = ["api/v0/users/me/invoices", "api/v0/users/me/machine-earnings", "api/v0/instances/start"];

    private EmulatedAnswer? Unslashed(EmulatedRequest request)
    {
        if (request.Path.EndsWith('/') || !request.Path.StartsWith("api/", StringComparison.Ordinal) || _unslashed.Contains(request.Path))
        {
            return null;
        }

        var query = string.Join('&', request.Query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        return Switches.RedirectsMissingSlash
            ? EmulatedAnswer.Page(301, "Moved Permanently") with { Headers = ImmutableDictionary<string, string>.Empty.Add("Location", $"/{request.Path}/{(query.Length > 0 ? "?" : "")}{query}") }
            : EmulatedAnswer.Page(404, "Not Found");
    }

    /// <summary>An environment that is a text is an object afterwards.</summary>
    private EmulatedAnswer? Against(JsonObject body)
    {
        if (Length(body["label"]) > Switches.LongestLabel)
        {
            return Error(400, "label_too_long", "Please limit label length to 1024 characters, ideally less than 128.");
        }

        var arguments = Length(body["args_str"]) + (body["args"] as JsonArray ?? []).Sum(Length);
        if (Length(body["onstart"]) + (Switches.LongestOnStart == LongestTogether ? arguments : 0) > Switches.LongestOnStart)
        {
            return Error(400, "invalid_args", $"error 400/1782: Invalid args: onstart is longer than {Switches.LongestOnStart} characters");
        }

        if (body["env"] is JsonValue text)
        {
            if (!Switches.TakesEnvText)
            {
                return Error(400, "invalid_args", "error 400/1782: Invalid args: env must be a dictionary");
            }

            body["env"] = Environment(text.ToString());
        }

        return null;
    }

    /// <summary>"-e NAME=VALUE -p 8000:8000", as for <c>docker create</c>.</summary>
    private static JsonObject Environment(string options)
    {
        var words = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var environment = new JsonObject();
        foreach (var (option, value) in words.Zip(words.Skip(1)))
        {
            if (option is "-e" or "--env" && value.Split('=', 2) is [var name, var content])
            {
                environment[name] = content;
            }
            else if (option == "-p")
            {
                environment[$"-p {value}"] = "1";
            }
        }

        return environment;
    }

    private static int Length(JsonNode? text) => text?.ToString().Length ?? 0;

    /// <summary>It keeps its card meanwhile.</summary>
    private EmulatedAnswer Restart(int id, string word, DateTimeOffset now)
    {
        if (!_instances.TryGetValue(id, out var instance))
        {
            return Missing(id);
        }

        if (instance.IsHalted)
        {
            return Error(400, "invalid_args", "error 400/1782: Invalid args: the instance does not run");
        }

        instance.Busy = (word, now + Switches.Restarting);
        Launch(instance);
        return Done();
    }
}
