using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Lambda;

/// <summary>
/// Lambda's API over types, stock and an account of its own: paths, shapes, refusals and states as the contract paper has them. What
/// nobody has confirmed is a switch. Left out: rule sets of firewalls, audit events.
/// </summary>
/// <param name="time">Its clock.</param>
/// <param name="backend">What stands behind its machines; null = nothing.</param>
public sealed partial class LambdaEmulator(TimeProvider time, IMachineBackend? backend = null) : IEmulatedApi
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LambdaTypeEntry> _types = new(StringComparer.Ordinal);
    private readonly List<LambdaMachine> _machines = [];
    private readonly List<(string Id, string Name, string Key)> _keys = [];
    private readonly FaultQueue<LambdaFault> _faults = new();
    private readonly List<string> _asked = [];
    private DateTimeOffset? _lastCall;
    private DateTimeOffset? _lastLaunch;
    private int _next;

    public LambdaSwitches Switches { get; set; } = new();

    /// <summary>Null = any key is good.</summary>
    public string? Key { get; set; }

    /// <summary>Every request, as "METHOD path".</summary>
    public IReadOnlyList<string> Asked => Locked<IReadOnlyList<string>>(_ => [.. _asked]);

    /// <summary>Ids of what is launched and whose end nobody has asked for.</summary>
    public IReadOnlyList<string> Rented => Locked<IReadOnlyList<string>>(_ => [.. _machines.Where(machine => machine is { EndAsked: null, VanishedAt: null }).Select(machine => machine.Id)]);

    /// <summary>Names of the account's keys.</summary>
    public IReadOnlyList<string> SshKeys => Locked<IReadOnlyList<string>>(_ => [.. _keys.Select(key => key.Name)]);

    /// <summary>By all machines up to now, exactly.</summary>
    public double Bill => Locked(now => _machines.Sum(machine => machine.Bill(now, Switches)));

    /// <summary>All that was ever launched, each with its bill up to now.</summary>
    public IReadOnlyList<EmulatedBill> Bills => Locked<IReadOnlyList<EmulatedBill>>(now =>
    [
        .. _machines.Select(machine => new EmulatedBill(
            machine.Id, machine.Order["name"]?.ToString() ?? "", machine.Status(now, Switches) ?? "gone", machine.Type.Cents / 100.0, machine.Bill(now, Switches), machine.EndAsked is not null || machine.PreemptedAt is not null || machine.VanishedAt is not null)),
    ]);

    /// <summary>Types with what is free of them, a line each.</summary>
    public IReadOnlyList<string> OnOffer => Locked<IReadOnlyList<string>>(_ =>
        [.. _types.Values.SelectMany(type => type.Stock.Keys.Select(region => FormattableString.Invariant($"{type.Name} ({type.Description}), ${type.Cents / 100.0:0.00} an hour, {region}: {Free(type, region)} of {type.Stock[region]}")))]);

    public void Add(LambdaTypeEntry type)
    {
        ArgumentNullException.ThrowIfNull(type);
        Locked(_ => _types[type.Name] = type);
    }

    /// <summary>How many of what calls are to meet none has met yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _faults.Waiting;
            }
        }
    }

    /// <summary>The next call of this method, whose path begins so, meets it.</summary>
    public void FailNext(string method, string path, LambdaFault fault) => Locked(_ =>
    {
        _faults.Add(method, path, fault);
        return 0;
    });

    /// <summary>What it was launched with.</summary>
    public JsonObject OrderOf(string id) => Locked(_ => Of(id).Order.DeepClone().AsObject());

    public EmulatedAnswer Answer(EmulatedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Locked(now =>
        {
            _asked.Add($"{request.Method} {request.Path}");
            var fault = _faults.Take(request);
            return fault switch
            {
                LambdaFault.TooMany => TooMany(),
                LambdaFault.OwnFailure => Error(500, Switches.FailureCode, "Something unexpected occurred."),
                LambdaFault.BadGateway => EmulatedAnswer.Page(502, "Bad Gateway"),
                LambdaFault.EdgePage => EmulatedAnswer.Page(403, "Forbidden"),
                LambdaFault.AccountInactive => Error(403, "global/account-inactive", "Your account is inactive."),
                _ => After(fault, Stranger(request) ?? Early(request, now) ?? Route(request, now, fault)),
            };
        });
    }

    internal static JsonObject Region(string name) => new() { ["name"] = name, ["description"] = "California, USA" };

    internal static JsonObject TypeRow(LambdaTypeEntry type)
    {
        var row = new JsonObject
        {
            ["name"] = type.Name, ["description"] = type.Description, ["gpu_description"] = type.Gpus == 0 ? null : type.Description[(type.Description.IndexOf(' ', StringComparison.Ordinal) + 1)..],
            ["price_cents_per_hour"] = type.Cents, ["specs"] = new JsonObject { ["vcpus"] = 30 * Math.Max(1, type.Gpus), ["memory_gib"] = 200 * Math.Max(1, type.Gpus), ["storage_gib"] = 1400, ["gpus"] = type.Gpus },
        };
        if (type.Architecture is { } architecture)
        {
            row["architecture"] = architecture;
        }

        return row;
    }

    private static EmulatedAnswer After(LambdaFault? fault, EmulatedAnswer answer) => fault switch
    {
        LambdaFault.AnswerLost => EmulatedAnswer.Lost,
        LambdaFault.ErrorAfterwards => EmulatedAnswer.Page(502, "Bad Gateway"),
        _ => answer,
    };

    private T Locked<T>(Func<DateTimeOffset, T> work)
    {
        lock (_gate)
        {
            return work(time.GetUtcNow());
        }
    }

    private LambdaMachine Of(string id) => _machines.First(machine => machine.Id == id);

    private EmulatedAnswer? Stranger(EmulatedRequest request) => (request.Key ?? (Switches.TakesBasic ? request.BasicUser : null)) is not { } key || (Key is not null && key != Key)
        ? Error(401, "global/invalid-api-key", "API key was invalid, expired, or deleted.", "Check your API key or create a new one, then try again.")
        : null;

    private EmulatedAnswer? Early(EmulatedRequest request, DateTimeOffset now)
    {
        var launches = request.Path == "api/v1/instance-operations/launch";
        if (Switches.RateLimits && ((_lastCall is { } last && now - last < TimeSpan.FromSeconds(1)) || (launches && _lastLaunch is { } launch && now - launch < TimeSpan.FromSeconds(12))))
        {
            return TooMany();
        }

        _lastCall = now;
        _lastLaunch = launches ? now : _lastLaunch;
        return null;
    }

    private EmulatedAnswer TooMany() => (Switches.LimitCode is { } code ? Error(429, code, "Too many requests.") : EmulatedAnswer.Text(429, "Too many requests")).AskedToWait(Switches.RetryAfter);

    private EmulatedAnswer Route(EmulatedRequest request, DateTimeOffset now, LambdaFault? fault)
    {
        string[] path = [.. request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(2)];
        return (request.Method, path) switch
        {
            ("GET", ["instance-types"]) => Types(),
            ("GET", ["instances"]) => List(request, now),
            ("GET", ["instances", var id]) => Show(id, now),
            ("POST", ["instance-operations", "launch"]) => Launch(request.Body, now, fault),
            ("POST", ["instance-operations", "terminate"]) => Each(request.Body, now, "terminated_instances", machine => End(machine, now)),
            ("POST", ["instance-operations", "restart"]) => Each(request.Body, now, "restarted_instances", machine => machine.Address += Switches.RestartKeepsAddress ? 0 : 1, machine => NoRestart(machine, now)),
            ("GET", ["firewall-rules"]) => Data(Firewall().DeepClone()),
            ("PUT", ["firewall-rules"]) => SetFirewall(request.Body),
            ("POST" or "PUT" or "PATCH", ["instances", var id]) => Rename(request, id, now),
            ("GET", ["ssh-keys"]) => Data(new JsonArray([.. _keys.Select(KeyRow)])),
            ("POST", ["ssh-keys"]) => AddKey(request.Body),
            ("DELETE", ["ssh-keys", var id]) => _keys.RemoveAll(key => key.Id == id) > 0 ? Data(new JsonObject()) : Missing("SSH key"),
            ("GET", ["regions"]) => Data(new JsonArray([.. Regions.Select(Region)])),
            ("GET", ["images"]) => Data(new JsonArray([.. Images.Select(ImageRow)])),
            ("GET", ["file-systems"] or ["filesystems"]) => Data(new JsonArray([.. _fileSystems.Select(one => FileSystemRow(one, now))])),
            ("POST", ["filesystems"]) => AddFileSystem(request.Body, now),
            ("DELETE", ["filesystems", var id]) => RemoveFileSystem(id, now),
            // Its other name is for reading alone.
            (_, ["file-systems", ..]) => EmulatedAnswer.Page(405, "Method Not Allowed"),
            _ => Missing("Object"),
        };
    }

    private IEnumerable<string> Regions => _types.Values.SelectMany(type => type.Stock.Keys).Distinct();

    private EmulatedAnswer Types() => Data(new JsonObject(_types.Values.Select(type => KeyValuePair.Create<string, JsonNode?>(type.Name, new JsonObject
    {
        ["instance_type"] = TypeRow(type),
        ["regions_with_capacity_available"] = new JsonArray([.. type.Stock.Keys.Where(region => Free(type, region) > 0).Select(Region)]),
    }))));

    /// <summary>What is not gone for good holds its place.</summary>
    private int Free(LambdaTypeEntry type, string region) =>
        type.Stock.GetValueOrDefault(region) - _machines.Count(machine => machine.Type.Name == type.Name && machine.Region == region && machine.Status(time.GetUtcNow(), Switches) is not (null or "terminated" or "preempted"));

    private EmulatedAnswer List(EmulatedRequest request, DateTimeOffset now)
    {
        var listed = _machines.Where(machine => now >= machine.Launched + Switches.ListLag && machine.Status(now, Switches) is not null).OrderByDescending(machine => machine.Launched).ThenByDescending(machine => machine.Id, StringComparer.Ordinal).ToList();
        if (!request.Query.TryGetValue("page_size", out var size))
        {
            return Data(Rows(listed));
        }

        var from = int.Parse(request.Query.GetValueOrDefault("page_token") ?? "0", CultureInfo.InvariantCulture);
        var to = from + int.Parse(size, CultureInfo.InvariantCulture);
        return EmulatedAnswer.Json(new JsonObject { ["data"] = Rows([.. listed.Skip(from).Take(to - from)]), ["page_token"] = to < listed.Count ? to.ToString(CultureInfo.InvariantCulture) : null });

        JsonArray Rows(List<LambdaMachine> machines) => new([.. machines.Select(machine => Row(machine, now))]);
    }

    /// <summary>By its id a new one may not be known yet, and an old one no more.</summary>
    private LambdaMachine? Known(string id, DateTimeOffset now) => _machines.Find(machine => machine.Id == id && now >= machine.Launched + Switches.UnknownAtFirst && machine.Status(now, Switches) is not (null or "terminated"));

    private EmulatedAnswer Show(string id, DateTimeOffset now) => Known(id, now) is { } machine ? Data(Row(machine, now)) : Missing("Specified instance");

    private EmulatedAnswer Each(JsonObject? body, DateTimeOffset now, string name, Action<LambdaMachine> change, Func<LambdaMachine, EmulatedAnswer?>? refuse = null)
    {
        var ids = (body?["instance_ids"] as JsonArray ?? []).Select(id => id?.ToString() ?? "").ToList();
        var known = ids.Select(id => Known(id, now)).OfType<LambdaMachine>().ToList();
        if (ids.Count == 0)
        {
            return Error(400, "global/invalid-parameters", "Invalid request data.");
        }

        if (known.Count == 0 || (Switches.OneBadIdFailsAll && known.Count < ids.Count))
        {
            return Missing("Specified instance");
        }

        if (known.Select(machine => refuse?.Invoke(machine)).FirstOrDefault(refusal => refusal is not null) is { } refused)
        {
            return refused;
        }

        known.ForEach(change);
        return Data(new JsonObject { [name] = new JsonArray([.. known.Select(machine => Row(machine, now))]) });
    }

    private void End(LambdaMachine machine, DateTimeOffset now)
    {
        machine.EndAsked ??= now;
        backend?.Destroy(machine.Id);
    }

    /// <summary>The contract has no code of its own for it.</summary>
    private EmulatedAnswer? NoRestart(LambdaMachine machine, DateTimeOffset now) => Row(machine, now)["actions"]!["restart"] is var restart && (bool)restart!["available"]!
        ? null
        : Error(400, "global/invalid-parameters", restart["reason_description"]!.ToString());

    /// <summary>One that is not up yet boots for longer.</summary>
    private JsonObject Row(LambdaMachine machine, DateTimeOffset now)
    {
        var row = machine.Row(now, Switches);
        if (backend is null || row["ip"] is null)
        {
            return row;
        }

        var address = backend.Address(machine.Id);
        row["ip"] = address;
        row["hostname"] = address;
        if (address is null && row["status"]!.ToString() == "active")
        {
            row["status"] = "booting";
            row["actions"]!["restart"] = LambdaMachine.Restart("booting", hasBooted: false);
        }

        return row;
    }

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"0920582c7ff041399e34823a{++_next:x8}");

    private static EmulatedAnswer Data(JsonNode data) => EmulatedAnswer.Json(new JsonObject { ["data"] = data });

    private EmulatedAnswer Missing(string what) => Error(404, "global/object-does-not-exist", $"{what} does not exist.");

    private EmulatedAnswer Error(int status, string code, string message, string? suggestion = null) => EmulatedAnswer.Json(
        new JsonObject { ["error"] = Switches.ErrorsHaveCodes ? new JsonObject { ["code"] = code, ["message"] = message, ["suggestion"] = suggestion } : new JsonObject { ["message"] = message } }, status);
}
