using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>
/// Vast.ai's API over a market and an account of its own: paths, shapes, refusals and states as the contract paper has them. What
/// nobody has confirmed is a switch.
/// </summary>
public sealed partial class VastEmulator(TimeProvider time, IInstanceBackend backend) : IEmulatedApi
{
    private readonly Lock _gate = new();
    private readonly List<VastAskEntry> _asks = [];
    private readonly SortedDictionary<int, VastInstance> _instances = [];
    private readonly List<VastInstance> _ended = [];
    private readonly FaultQueue<VastFault> _faults = new();
    private readonly List<string> _asked = [];
    private readonly VastLimits _limits = new();
    private int _nextAsk = 31_847_205;
    private int _nextInstance = 45_812_277;

    public VastSwitches Switches { get; set; } = new();

    /// <summary>Null = any key is good.</summary>
    public string? Key { get; set; }

    public double Credit { get; set; } = 48.12;

    /// <summary>Every request, as "METHOD path".</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_gate)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>Lists a machine: an ask for each power of two of its cards.</summary>
    /// <returns>Ids of the asks, fewest cards first.</returns>
    public IReadOnlyList<int> Offer(VastMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        lock (_gate)
        {
            List<int> made = [];
            for (var size = 1; size <= machine.Gpus; size *= 2)
            {
                for (var first = 0; first + size <= machine.Gpus; first += size)
                {
                    _asks.Add(new VastAskEntry(_nextAsk, machine, size, first));
                    made.Add(_nextAsk++);
                }
            }

            return made;
        }
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
    public void FailNext(string method, string path, VastFault fault)
    {
        lock (_gate)
        {
            _faults.Add(method, path, fault);
        }
    }

    /// <summary>Takes a machine off the market; what is rented there stays.</summary>
    public void Withdraw(int machine)
    {
        lock (_gate)
        {
            _asks.RemoveAll(ask => ask.Machine.Id == machine);
        }
    }

    /// <summary>Machines on the market, rented or not.</summary>
    public IReadOnlyList<VastMachine> Machines
    {
        get
        {
            lock (_gate)
            {
                return [.. _asks.Select(ask => ask.Machine).Distinct()];
            }
        }
    }

    public EmulatedAnswer Answer(EmulatedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            _asked.Add($"{request.Method} {request.Path}");
            var now = time.GetUtcNow();
            Pass(now);
            var fault = _faults.Take(request);
            return fault switch
            {
                VastFault.TooFrequent => EmulatedAnswer.Text(429, "API requests too frequent: endpoint threshold=4.5"),
                VastFault.EdgePage => EmulatedAnswer.Page(403, "Forbidden"),
                VastFault.BadGateway => EmulatedAnswer.Page(502, "Bad Gateway"),
                _ => After(fault, _limits.Refusal(request, now, Switches) ?? Unslashed(request) ?? Stranger(request) ?? Route(request, now, fault)),
            };
        }
    }

    private static EmulatedAnswer After(VastFault? fault, EmulatedAnswer answer) => fault switch
    {
        VastFault.AnswerLost => EmulatedAnswer.Lost,
        VastFault.ErrorAfterwards => EmulatedAnswer.Page(500, "Internal Server Error"),
        _ => answer,
    };

    /// <summary>Searching needs no key; everything else does.</summary>
    private EmulatedAnswer? Stranger(EmulatedRequest request) =>
        request.Path is "api/v0/bundles/" or "api/v0/search/asks/" or "health/" ? null
        : request.Key is null ? Error(403, "auth_error", "This action requires login.")
        : Key is null || request.Key == Key || IsNarrow(request) ? null
        : Error(Switches.UnknownKeyStatus, "auth_error", "Invalid user key");

    private bool IsNarrow(EmulatedRequest request) => request.Method is "PUT" or "DELETE"
        && _instances.Values.Any(instance => request.Key == instance.NarrowKey && request.Path == $"api/v0/instances/{instance.Key}/");

    private EmulatedAnswer Route(EmulatedRequest request, DateTimeOffset now, VastFault? fault)
    {
        string[] path = [.. request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
        return (request.Method, path) switch
        {
            ("POST", ["v0", "bundles"]) => Search(request.Body, now),
            ("GET", ["v0", "bundles"] or ["v0", "search", "asks"]) => Search(Parsed(request.Query.GetValueOrDefault("q")), now),
            ("PUT", ["v0", "search", "asks"]) => Search(request.Body?["q"] as JsonObject, now),
            ("PUT", ["v0", "asks", var ask]) => Create(Number(ask), request.Body, now, fault),
            ("GET", ["v1", "instances"]) => List(request, now),
            ("GET", ["v0", "instances"]) => Switches.OldList ? OldList(now) : Error(410, "deprecated_endpoint", "This endpoint is deprecated. Use /api/v1/instances/ instead."),
            ("GET", ["v0", "ssh"]) => Keys(),
            ("POST", ["v0", "ssh"]) => AddKey(request.Body, now),
            ("PUT" or "DELETE", ["v0", "ssh", var id]) => ChangeKey(Number(id), request.Method, request.Body),
            ("GET", ["v0", "instances", "pending-price-increases"]) => Increases(),
            ("PUT", ["v0", "instances", ("accept-price-increase" or "reject-price-increase") and var verb]) => AnswerIncrease(request.Body, verb.StartsWith("accept", StringComparison.Ordinal)),
            ("GET", ["v0", "instances", var id]) => Show(Number(id), now),
            ("PUT", ["v0", "instances", "bid_price", var id]) => ChangeBid(Number(id), request.Body, now),
            ("PUT", ["v0", "instances", "reboot", var id]) => Restart(Number(id), "rebooting", now),
            ("PUT", ["v0", "instances", "recycle", var id]) => Restart(Number(id), "recycling", now),
            ("PUT", ["v0", "instances", var id]) => Manage(Number(id), request.Body, now),
            ("DELETE", ["v0", "instances", var id]) => Destroy(Number(id), fault),
            ("GET", ["v0", "charges"]) => Charges(request),
            ("GET", ["v0", "users", "current"]) => EmulatedAnswer.Json(new JsonObject
            {
                ["id"] = 190001, ["email"] = "dev@example.org", ["username"] = "dev", ["balance"] = 0.0, ["credit"] = Credit - Spent, ["billing_creditonly"] = true, ["can_pay"] = true, ["has_billing"] = true,
            }),
            (_, ["v0" or "v1", ..]) => EmulatedAnswer.Json(new JsonObject { ["success"] = true }),
            _ => EmulatedAnswer.Page(404, "Not Found"),
        };
    }

    internal static EmulatedAnswer Error(int status, string slug, string words) => EmulatedAnswer.Json(new JsonObject { ["success"] = false, ["error"] = slug, ["msg"] = words }, status);

    private static EmulatedAnswer Done(string? words = null)
    {
        var answer = new JsonObject { ["success"] = true };
        if (words is not null)
        {
            answer["msg"] = words;
        }

        return EmulatedAnswer.Json(answer);
    }

    private static JsonObject? Parsed(string? text) => new EmulatedRequest("", "", new Dictionary<string, string>(), null, text ?? "").Body;

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
