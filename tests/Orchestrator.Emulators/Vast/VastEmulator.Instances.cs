using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>What is rented: lists, changes, meters and bills.</summary>
public sealed partial class VastEmulator
{
    private const int MostRows = 25;

    /// <summary>Ids of what is rented and not destroyed.</summary>
    public IReadOnlyList<int> Rented
    {
        get
        {
            lock (_gate)
            {
                return [.. _instances.Keys];
            }
        }
    }

    /// <summary>All that was ever rented, each with its bill up to the last call, rounded as charges are.</summary>
    public IReadOnlyList<EmulatedBill> Bills
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                Pass(now);
                return [.. _ended.Concat(_instances.Values).OrderBy(instance => instance.Id).Select(instance => BillOf(instance, now))];
            }
        }
    }

    private EmulatedBill BillOf(VastInstance instance, DateTimeOffset now)
    {
        var isGone = !_instances.ContainsKey(instance.Id);
        var status = isGone ? "gone" : instance.Actual(now, Switches, backend.Ports(instance.Key) is not null) ?? "provisioning";
        return new(instance.Key, instance.Label ?? "", status, instance.Rate(Switches), Math.Round(instance.Meter.Total, 3), isGone);
    }

    private void Stop(VastInstance instance, string? actual, string wanted, string contract, string next)
    {
        instance.Halt(actual, wanted, contract, next);
        backend.Stop(instance.Key);
    }

    private void End(VastInstance instance)
    {
        _instances.Remove(instance.Id);
        _ended.Add(instance);
        backend.Destroy(instance.Key);
    }

    /// <summary>Lets the time since the last call pass: meters run, contracts end, money runs out.</summary>
    private void Pass(DateTimeOffset now)
    {
        foreach (var instance in _instances.Values)
        {
            instance.Meter.Move(backend.Moved(instance.Key));
            if (instance.Busy is { } busy && busy.Until <= now)
            {
                Run(instance, busy.Until);
                instance.Busy = null;
            }

            Run(instance, now);
        }

        foreach (var instance in _instances.Values.Where(one => !one.IsHalted && ((one.Until ?? one.Ask.Machine.Until) <= now || Credit - Spent <= 0)).ToList())
        {
            Stop(instance, "exited", Switches.ExpiredStaysWanted && Credit - Spent > 0 ? "running" : "stopped", "stopped", "stopped");
        }

        foreach (var instance in _instances.Values.Where(one => (one.IsQueued || one.IsPreempted) && CanGoOn(one)).ToList())
        {
            // One after the other: the first may take the cards of the next.
            if (!CanGoOn(instance))
            {
                continue;
            }

            Begin(instance, now);
        }
    }

    /// <summary>Its meter, up to then: as it is now, it has been since the last call.</summary>
    private void Run(VastInstance instance, DateTimeOffset until)
    {
        var up = (backend.Ports(instance.Key) is null && instance.Busy is null) || instance.IsOffline ? null : instance.UpAt(Switches);
        instance.Meter.Run(until, up, instance.Rate(Switches) * instance.BilledShare(Switches), instance.IsOffline ? 0 : instance.StoragePerHour);
    }

    private EmulatedAnswer List(EmulatedRequest request, DateTimeOffset now)
    {
        var limit = Number(request.Query.GetValueOrDefault("limit") ?? "25") is var asked and > 0 ? Math.Min(asked, MostRows) : 5;
        var after = 0;
        if (request.Query.TryGetValue("after_token", out var token) && (!token.StartsWith("after-", StringComparison.Ordinal) || (after = Number(token[6..])) < 0))
        {
            return Error(400, "invalid_token", "Invalid pagination token");
        }

        List<VastInstance> listed;
        try
        {
            var there = _instances.Values.Where(instance => now >= instance.Created + Switches.ListLag).ToDictionary(instance => instance.Id, instance => Row(instance, now));
            listed = [.. VastQuery.Listed(there.Values, Parsed(request.Query.GetValueOrDefault("select_filters")), Parsed($"{{\"order\":{request.Query.GetValueOrDefault("order_by") ?? "[]"}}}")?["order"], now).Select(row => _instances[row["id"]!.GetValue<int>()])];
        }
        catch (FormatException wrong)
        {
            return Error(400, "invalid_args", wrong.Message);
        }

        // In any order but that of ids what follows a row is known by the row alone.
        var rows = after == 0 ? listed : listed.FindIndex(instance => instance.Id == after) is var at and >= 0 ? listed[(at + 1)..] : listed.FindAll(instance => instance.Id > after);
        var page = rows.Take(limit).ToList();
        var labels = new JsonObject(_instances.Values.GroupBy(instance => instance.Label ?? "").Select(group => KeyValuePair.Create<string, JsonNode?>(group.Key, group.Count())));
        return EmulatedAnswer.Json(new JsonObject
        {
            ["success"] = true, ["instances_found"] = page.Count, ["total_instances"] = listed.Count, ["label_counts"] = labels,
            ["next_token"] = rows.Count > limit ? $"after-{page[^1].Id}" : null,
            ["instances"] = new JsonArray([.. page.Select(instance => Row(instance, now))]),
        });
    }

    private EmulatedAnswer OldList(DateTimeOffset now) =>
        EmulatedAnswer.Json(new JsonObject { ["instances_found"] = _instances.Count, ["instances"] = new JsonArray([.. _instances.Values.Select(instance => Row(instance, now))]) });

    private EmulatedAnswer Show(int id, DateTimeOffset now) => _instances.TryGetValue(id, out var instance)
        ? EmulatedAnswer.Json(new JsonObject { ["instances"] = Row(instance, now) })
        : Switches.AfterDestroy switch
        {
            "[]" => EmulatedAnswer.Json(new JsonObject { ["instances"] = new JsonArray() }),
            "404" => Missing(id),
            _ => EmulatedAnswer.Json(new JsonObject { ["instances"] = null }),
        };

    private EmulatedAnswer Manage(int id, JsonObject? body, DateTimeOffset now)
    {
        if (!_instances.TryGetValue(id, out var instance))
        {
            return Missing(id);
        }

        if (body?["label"]?.GetValue<string>() is { } label)
        {
            instance.Label = label;
            return Done($"label for {id} set to '{label}'");
        }

        switch (body?["state"]?.GetValue<string>())
        {
            case "stopped":
                Stop(instance, "exited", "stopped", "stopped", "stopped");
                return Done();
            case "running" when instance.IsHalted && !CanGoOn(instance):
                if (Switches.QueuedStartFires)
                {
                    instance.Halt("exited", "running", "stopped", "running");
                    instance.IsQueued = true;
                }

                return Error(200, "resources_unavailable", "Required resources are currently unavailable, state change queued.");
            case "running":
                Begin(instance, now);
                return Done();
            default:
                return Error(400, "invalid_args", "error 400/1782: Invalid args: state");
        }
    }

    private EmulatedAnswer ChangeBid(int id, JsonObject? body, DateTimeOffset now)
    {
        if (!_instances.TryGetValue(id, out var instance))
        {
            return Missing(id);
        }

        if (VastQuery.Number(body?["price"]) is not { } price || price < 0.001 || price > 32 * instance.Ask.Gpus)
        {
            return Error(400, "invalid_args", "Please set a bid price >= 0.001.");
        }

        instance.Bid = price;
        if (instance.IsHalted && CanGoOn(instance))
        {
            // It wins again, and goes on by itself.
            Begin(instance, now);
        }

        return Done();
    }

    /// <summary>Its cards are free, its bid is enough, and its contract goes on.</summary>
    private bool CanGoOn(VastInstance instance) =>
        IsFree(instance.Ask) && !(instance.Bid < instance.Ask.LeastBid) && !((instance.Until ?? instance.Ask.Machine.Until) <= time.GetUtcNow());

    private EmulatedAnswer Destroy(int id, VastFault? fault)
    {
        if (!_instances.TryGetValue(id, out var instance))
        {
            return Missing(id);
        }

        if (fault == VastFault.DestroyIgnored)
        {
            return Done();
        }

        End(instance);
        return Done();
    }

    private JsonObject Row(VastInstance instance, DateTimeOffset now) => instance.Row(now, Switches, backend.Ports(instance.Key));

    private static EmulatedAnswer Missing(int id) => Error(404, "no_such_instance", $"Instance {id} not found.");
}
