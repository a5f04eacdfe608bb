using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>Searching and renting.</summary>
public sealed partial class VastEmulator
{
    private EmulatedAnswer Search(JsonObject? query, DateTimeOffset now)
    {
        if (query is null)
        {
            return Error(400, "invalid_request", "Invalid json body");
        }

        try
        {
            var bids = query["type"]?.GetValue<string>() is "bid" or "interruptible";
            var storage = VastQuery.Number(query["allocated_storage"]) ?? 8;
            var rows = VastQuery.Apply(_asks.Where(IsFree).Select(ask => ask.Row(now, bids, storage, Switches)), query, now, Switches);
            return EmulatedAnswer.Json(new JsonObject { ["offers"] = new JsonArray([.. rows]) });
        }
        catch (FormatException wrong)
        {
            return Error(400, "invalid_request", wrong.Message);
        }
    }

    /// <summary>Cards are rented once, whatever asks name them. What is stopped holds none.</summary>
    private bool IsFree(VastAskEntry ask) => !Holders(ask).Any();

    private IEnumerable<VastInstance> Holders(VastAskEntry ask) => _instances.Values.Where(instance => !instance.IsHalted && instance.Ask.GpuIds.Intersect(ask.GpuIds).Any());

    private EmulatedAnswer Create(int id, JsonObject? body, DateTimeOffset now, VastFault? fault)
    {
        if (body is null)
        {
            return Error(400, "invalid_args", "error 400/1782: Invalid args: invalid json: {}");
        }

        if (Against(body) is { } refusal)
        {
            return refusal;
        }

        if (_asks.Find(one => one.Id == id) is not { } ask || (body["price"] is null ? Holders(ask).Any(holder => holder.Bid is null) : !IsFree(ask)) || fault == VastFault.OfferGone)
        {
            return Vanished(id);
        }

        if (fault == VastFault.ServerError)
        {
            return Error(Switches.ServerErrorStatus, "server_error", "Something went wrong on the server");
        }

        if (Credit - Spent <= 0)
        {
            return Error(Switches.NoCreditStatus, Switches.NoCreditIsSpendRate ? "spend_rate_limit" : "insufficient_credit", "Your balance is too low.");
        }

        if (VastQuery.Number(body["price"]) is < 0.001 or > 128)
        {
            return Error(400, "invalid_price", "Please set a bid price >= 0.001.");
        }

        foreach (var outbid in Holders(ask).ToList())
        {
            // Whoever pays the whole price takes the cards from whoever bids.
            Lose(outbid, Switches.OutbidStaysWanted);
            outbid.IsPreempted = true;
        }

        var instance = new VastInstance(_nextInstance++, ask, body.DeepClone().AsObject(), now);
        _instances.Add(instance.Id, instance);
        if (instance.Bid < ask.LeastBid)
        {
            // Refused, and there all the same.
            instance.Halt(null, "stopped", "stopped", "stopped");
            return EmulatedAnswer.Json(new JsonObject { ["success"] = false, ["new_contract"] = instance.Id });
        }

        if (fault == VastFault.BrokenCard)
        {
            instance.Halt("created", "stopped", "stopped", "stopped");
            instance.Message = "Error response from daemon: failed to create task for container: OCI runtime create failed: unresolvable CDI devices: unknown";
        }
        else if (fault == VastFault.DriverTooOld)
        {
            instance.Halt("created", "stopped", "stopped", "stopped");
            instance.Message = "Error response from daemon: failed to create task for container: nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver: unknown";
        }
        else
        {
            instance.Fault = fault;
            Begin(instance, now);
        }

        return EmulatedAnswer.Json(new JsonObject { ["success"] = true, ["new_contract"] = instance.Id, ["instance_api_key"] = instance.NarrowKey });
    }

    private EmulatedAnswer Vanished(int id) => Switches.VanishedStatus switch
    {
        410 => Refusal(410, "no_such_ask", $"error 410/3907: no_such_ask Instance type {id} is no longer available.", id),
        400 => Refusal(400, "no_such_ask", $"error 404/3603: no_such_ask Instance type by id {id} is not available.", id),
        200 => Refusal(200, "no_such_ask", $"error 404/3603: no_such_ask Instance type by id {id} is not available.", id),
        _ => Refusal(404, "invalid_args", $"error 404/3603: no_such_ask Instance type by id {id} is not available.", id),
    };

    private static EmulatedAnswer Refusal(int status, string slug, string words, int ask) =>
        EmulatedAnswer.Json(new JsonObject { ["success"] = false, ["error"] = slug, ["msg"] = words, ["ask_id"] = ask }, status);

    private void Begin(VastInstance instance, DateTimeOffset now)
    {
        instance.Start(now);
        Launch(instance);
    }

    private void Launch(VastInstance instance)
    {
        if (instance.Fault != VastFault.StuckLoading)
        {
            backend.Start(instance.Key, instance.Fault switch
            {
                VastFault.NoSsh => OrderOf(instance).Idle(),
                VastFault.CrashLoop => OrderOf(instance).Crashing(),
                _ => OrderOf(instance),
            });
        }
    }

    private ContainerOrder OrderOf(VastInstance instance)
    {
        var body = instance.Order;
        var environment = body["env"] as JsonObject ?? new JsonObject();
        var arguments = (body["args"] as JsonArray ?? new JsonArray()).Select(argument => argument?.ToString() ?? "");
        return new ContainerOrder(
            body["image"]?.GetValue<string>() ?? "",
            body["runtype"]?.GetValue<string>() == "args" ? body["onstart"]?.GetValue<string>() : null,
            [.. arguments],
            environment.Where(pair => !pair.Key.StartsWith('-')).ToImmutableDictionary(pair => pair.Key, pair => pair.Value?.ToString() ?? "")
                .SetItem("CONTAINER_ID", instance.Key)
                .SetItems(Switches.GivesKeyToArgs || body["runtype"]?.GetValue<string>() != "args" ? [KeyValuePair.Create("CONTAINER_API_KEY", instance.NarrowKey)] : []),
            [.. environment.Where(pair => pair.Key.StartsWith("-p ", StringComparison.Ordinal)).Select(pair => int.Parse(pair.Key[3..].Split(':', '/')[^1], CultureInfo.InvariantCulture))])
        {
            IsCardDead = instance.Fault == VastFault.DeadCard,
            IsCudaDead = instance.Fault == VastFault.DeadCuda,
            IsDriverOld = instance.Fault == VastFault.OldDriver,
            Login = body["image_login"]?.GetValue<string>().Split(' ') is ["-u", var user, "-p", var password, var registry] ? (user, password, registry) : null,
        };
    }
}
