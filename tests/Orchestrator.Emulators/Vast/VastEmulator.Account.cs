using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>SSH keys of the account, and what hosts ask its owner for.</summary>
public sealed partial class VastEmulator
{
    private readonly SortedDictionary<int, JsonObject> _keys = [];
    private readonly SortedDictionary<int, (int Instance, double PerHour, DateTimeOffset At)> _increases = [];
    private int _nextKey = 771_203;
    private int _nextIncrease = 4_801;

    /// <summary>Its host asks for so much an hour from now on; nothing changes before that is accepted.</summary>
    public void AskForMore(int id, double perHour)
    {
        lock (_gate)
        {
            _increases.Add(_nextIncrease++, (id, perHour, time.GetUtcNow()));
        }
    }

    private EmulatedAnswer Keys() => _keys.Count == 0
        ? Error(404, "no_ssh_key", "No SSH keys found")
        : EmulatedAnswer.Json(new JsonArray([.. _keys.Values.Select(key => key.DeepClone())]));

    private EmulatedAnswer AddKey(JsonObject? body, DateTimeOffset now)
    {
        if (body?["ssh_key"]?.ToString() is not { Length: > 0 } text)
        {
            return Error(400, "no_ssh_key", "No SSH key was given");
        }

        if (_keys.Values.Any(key => key["public_key"]!.ToString() == text))
        {
            return Error(400, "invalid_args", "duplicate SSH key");
        }

        var made = new JsonObject { ["id"] = _nextKey++, ["user_id"] = 190001, ["public_key"] = text, ["created_at"] = now.ToUnixTimeSeconds(), ["deleted_at"] = null };
        _keys.Add(made["id"]!.GetValue<int>(), made);
        return EmulatedAnswer.Json(new JsonObject { ["success"] = true, ["key"] = made.DeepClone() });
    }

    private EmulatedAnswer ChangeKey(int id, string method, JsonObject? body)
    {
        if (!_keys.TryGetValue(id, out var key))
        {
            return Error(400, "no_ssh_key", $"SSH key {id} not found");
        }

        if (method == "DELETE")
        {
            _keys.Remove(id);
        }
        else
        {
            key["public_key"] = body?["ssh_key"]?.ToString() ?? key["public_key"]!.ToString();
        }

        return Done();
    }

    private EmulatedAnswer Increases() => EmulatedAnswer.Json(new JsonObject
    {
        ["success"] = true, ["count"] = _increases.Count, ["truncated"] = false,
        ["pending_price_increases"] = new JsonArray([.. _increases.Where(one => _instances.ContainsKey(one.Value.Instance)).Select(one => new JsonObject
        {
            ["pending_price_increase_id"] = one.Key, ["contract_id"] = one.Value.Instance, ["host_id"] = 190442, ["new_gpu_costpersec"] = one.Value.PerHour / 3600, ["created_at"] = one.Value.At.ToUnixTimeSeconds(),
        })]),
    });

    private EmulatedAnswer AnswerIncrease(JsonObject? body, bool accepts)
    {
        if (VastQuery.Number(body?["pending_price_increase_id"]) is not { } number || !_increases.Remove((int)number, out var asked) || !_instances.TryGetValue(asked.Instance, out var instance))
        {
            return Error(404, "no_pending_price_increase", "There is no such price increase.");
        }

        instance.Raised = accepts ? asked.PerHour : instance.Raised;
        return Done();
    }
}
