using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>What clients ask about pods that are there.</summary>
public sealed partial class RunPodEmulator
{
    private EmulatedAnswer List(EmulatedRequest request, DateTimeOffset now)
    {
        // Newest first; what has ended is not among them.
        var pods = _pods.Values.Where(pod => now >= pod.Created + Switches.ListLag).OrderByDescending(pod => pod.Created).ThenByDescending(pod => pod.Id, StringComparer.Ordinal).ToList();
        if (!Switches.Pagination)
        {
            return EmulatedAnswer.Json(new JsonObject { ["pods"] = Rows(pods) });
        }

        var limit = Number(request.Query.GetValueOrDefault("limit") ?? "1000");
        if (limit is < 1 or > 1000)
        {
            return Invalid("$.limit: must be between 1 and 1000");
        }

        if (request.Query.TryGetValue("cursor", out var cursor))
        {
            if (!cursor.StartsWith("after-", StringComparison.Ordinal))
            {
                return Invalid("$.cursor: malformed");
            }

            pods = [.. pods.Where(pod => string.CompareOrdinal(pod.Id, cursor[6..]) < 0)];
        }

        var page = pods.Take(Math.Min(limit, Switches.PageRows)).ToList();
        var hasMore = pods.Count > page.Count;
        return EmulatedAnswer.Json(new JsonObject { ["pods"] = Rows(page), ["pagination"] = new JsonObject { ["nextCursor"] = hasMore ? $"after-{page[^1].Id}" : null, ["hasNextPage"] = hasMore } });

        JsonArray Rows(List<RunPodInstance> some) => new([.. some.Select(pod => Row(pod, now))]);
    }

    private EmulatedAnswer Act(RunPodInstance pod, string? action, DateTimeOffset now)
    {
        if (action is not ("start" or "stop" or "restart" or "terminate"))
        {
            return Invalid("$.action: value must be one of 'start', 'stop', 'restart', 'terminate'");
        }

        if (!RunPodInstance.Actions(StatusOf(pod, now)).Contains(action) || (action == "stop" && (bool?)pod.Order["locked"] == true))
        {
            return Problem(409, Switches.ConflictWords);
        }

        if (action == "start")
        {
            pod.IsWithoutCards = false;
        }

        switch (action)
        {
            case "terminate":
                return Terminate(pod);
            case "stop":
                Stop(pod, "EXITED");
                break;
            case "start" when Left < HourOf(pod):
                return Problem(400, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Insufficient balance to resume this on-demand pod. You need at least ${HourOf(pod):0.00} (current: ${Left:0.00}, deficit: ${HourOf(pod) - Left:0.00})."));
            case "start" when Free(_hosts.Find(host => host.Id == pod.Host.Id) ?? pod.Host) < pod.Gpus:
                if (Switches.StartsWithoutCards)
                {
                    pod.IsWithoutCards = true;
                    goto default;
                }

                return Problem(400, "There are not enough free GPUs on the host machine to start this pod.");
            default:
                Restart(pod, now, moves: action == "start" || Switches.RestartMovesPorts);
                break;
        }

        return EmulatedAnswer.Json(Row(pod, now));
    }

    private void Restart(RunPodInstance pod, DateTimeOffset now, bool moves)
    {
        if (moves)
        {
            Begin(pod, now);
        }
        else
        {
            pod.Start(now);
        }
    }

    private EmulatedAnswer Terminate(RunPodInstance pod)
    {
        End(pod);
        return Done;
    }

    private EmulatedAnswer Change(RunPodInstance pod, JsonObject? body, DateTimeOffset now)
    {
        string[] known = ["name", "image", "args", "cmd", "entrypoint", "disk", "ports", "env", "registry", "mounts", "locked", "globalNetworking", "templateId"];
        if (body is null || body.FirstOrDefault(pair => !known.Contains(pair.Key)).Key is { } unknown && unknown.Length > 0)
        {
            return Invalid($"$: additional properties '{body?.First(pair => !known.Contains(pair.Key)).Key}' not allowed");
        }

        foreach (var (name, value) in body)
        {
            pod.Order[name] = value?.DeepClone();
        }

        if (!pod.IsHalted && body.Any(pair => pair.Key is not ("name" or "locked")))
        {
            // What the container is made of has changed: it is made anew, with other ports.
            Begin(pod, now);
        }

        return EmulatedAnswer.Json(Row(pod, now));
    }

    /// <summary>What was told, and then whatever is: the stream ends when its reader or the pod goes.</summary>
    private EmulatedAnswer Logs(RunPodInstance pod, EmulatedRequest request)
    {
        var tail = Number(request.Query.GetValueOrDefault("tail") ?? "100");
        if (tail is < 0 or > 5000)
        {
            return Invalid("$.tail: must be between 0 and 5000");
        }

        if (request.Query.GetValueOrDefault("source") == "container")
        {
            return new EmulatedAnswer(200, "", "text/event-stream") { Later = () => "" };
        }

        var told = pod.Log.Count;
        return new EmulatedAnswer(200, Events(pod, Math.Max(0, told - tail)), "text/event-stream")
        {
            Later = () =>
            {
                lock (_gate)
                {
                    Pass(time.GetUtcNow());
                    var more = Events(pod, told);
                    told = pod.Log.Count;
                    return _pods.ContainsKey(pod.Id) ? more : null;
                }
            },
        };
    }

    private static string Events(RunPodInstance pod, int from) => string.Concat(pod.Log.Skip(from).Select((line, number) =>
    {
        var at = RunPodInstance.Instant(line.At);
        return string.Create(CultureInfo.InvariantCulture, $"id: {at}/{from + number + 1:000000000000}\ndata: {new JsonObject { ["ts"] = at, ["source"] = "system", ["line"] = line.Line }.ToJsonString()}\n\n");
    }));
}
