using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>
/// RunPod's REST API, version 2, over a stock and an account of its own: paths, shapes, refusals and states as the contract paper has
/// them, and of the older ones their end and the balance. What nobody has confirmed is a switch. Left out: clusters, serverless,
/// templates, CPU pods (known, never in stock) and streams of logs that stay open.
/// </summary>
public sealed partial class RunPodEmulator(TimeProvider time, IInstanceBackend backend) : IEmulatedApi
{
    private const int MostBody = 102_400;

    private readonly Lock _gate = new();
    private readonly List<RunPodCardEntry> _cards = [];
    private readonly List<RunPodHost> _hosts = [];
    private readonly Dictionary<string, RunPodInstance> _pods = [];
    private readonly List<RunPodInstance> _ended = [];
    private readonly FaultQueue<RunPodFault> _faults = new();
    private readonly Dictionary<string, double> _imageGB = new(StringComparer.Ordinal);
    private readonly List<string> _asked = [];
    private readonly RunPodLimits _limits = new();
    private int _nextPod;
    private DateTimeOffset? _lastGraphQl;
    private int _nextRequest;

    public RunPodSwitches Switches { get; set; } = new();

    /// <summary>Null = any key is good.</summary>
    public string? Key { get; set; }

    /// <summary>The key may read, and change nothing.</summary>
    public bool KeyOnlyReads { get; set; }

    public double Balance { get; set; } = 41.27;

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

    /// <summary>Puts a card into the catalogue.</summary>
    public void Add(RunPodCardEntry card)
    {
        lock (_gate)
        {
            _cards.Add(card);
        }
    }

    /// <summary>Puts a machine into the stock, or changes what it was.</summary>
    public void Add(RunPodHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        lock (_gate)
        {
            _hosts.RemoveAll(one => one.Id == host.Id);
            _hosts.Add(host);
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
    public void FailNext(string method, string path, RunPodFault fault)
    {
        lock (_gate)
        {
            _faults.Add(method, path, fault);
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
            var answer = Serve(request, now);
            return answer with { Headers = answer.Headers.SetItem("x-request-id", $"req-{++_nextRequest}") };
        }
    }

    internal static EmulatedAnswer Problem(int status, string detail, IEnumerable<string>? broken = null)
    {
        var body = new JsonObject { ["title"] = Title(status), ["status"] = status, ["detail"] = detail };
        if (broken is not null)
        {
            body["errors"] = new JsonArray([.. broken.Select(rule => (JsonNode)rule)]);
        }

        return new EmulatedAnswer(status, body.ToJsonString(), "application/problem+json");
    }

    internal static EmulatedAnswer Invalid(params IEnumerable<string> broken) => Problem(422, "Request validation failed.", broken);

    private static string Title(int status) => status switch
    {
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        413 => "Payload Too Large",
        422 => "Unprocessable Entity",
        429 => "Too Many Requests",
        _ => "Internal Server Error",
    };

    private static EmulatedAnswer Done => new(204, "");

    private static EmulatedAnswer Missing(string what) => Problem(404, $"{what} not found");

    private EmulatedAnswer Serve(EmulatedRequest request, DateTimeOffset now)
    {
        // The edge comes first, then the size, then the key.
        if (Switches.RefusesNamelessClients && (request.UserAgent.Length == 0 || request.UserAgent.StartsWith("Python-urllib", StringComparison.Ordinal)))
        {
            return EmulatedAnswer.Text(403, "error code: 1010");
        }

        var fault = _faults.Take(request);
        if (Instead(fault) is { } other)
        {
            return other;
        }

        if (request.Text.Length > MostBody)
        {
            return Problem(413, "request body too large");
        }

        if (Stranger(request) is { } refusal)
        {
            return refusal;
        }

        var headers = ImmutableDictionary<string, string>.Empty;
        if (Switches.Quotas is { } quotas && request.Path.StartsWith("v2/", StringComparison.Ordinal))
        {
            (headers, var wait) = _limits.Take(now, quotas);
            if (wait is not null)
            {
                return Problem(429, "rate limit exceeded for the minute window") with { Headers = headers };
            }
        }

        var answer = Route(request, now, fault);
        return fault switch
        {
            RunPodFault.AnswerLost => EmulatedAnswer.Lost,
            RunPodFault.ErrorAfterwards => EmulatedAnswer.Page(500, "Internal Server Error"),
            _ => answer with { Headers = answer.Headers.AddRange(headers) },
        };
    }

    private static EmulatedAnswer? Instead(RunPodFault? fault) => fault switch
    {
        RunPodFault.TooMany => Problem(429, "rate limit exceeded for the minute window") with { Headers = ImmutableDictionary<string, string>.Empty.Add("Retry-After", "12") },
        RunPodFault.EdgePage => EmulatedAnswer.Page(403, "Forbidden"),
        RunPodFault.BadGateway => EmulatedAnswer.Page(502, "Bad Gateway"),
        RunPodFault.Retired => Problem(410, "this API version has been retired"),
        _ => null,
    };

    /// <summary>The key inside a pod is good for that pod alone, if for anything.</summary>
    private EmulatedAnswer? Stranger(EmulatedRequest request)
    {
        if (request.Key is null)
        {
            return Problem(401, "missing bearer token");
        }

        if (_pods.Values.FirstOrDefault(pod => KeyOf(pod.Id) == request.Key) is { } inside)
        {
            return Switches.PodKeyEndsPod && request.Path.StartsWith($"v2/pods/{inside.Id}", StringComparison.Ordinal) ? null : Problem(403, "the key lacks the scope for this");
        }

        return Key is not null && request.Key != Key ? Problem(401, "invalid bearer token")
            : KeyOnlyReads && request.Method != "GET" && request.Path != "graphql" ? Problem(403, "the key lacks the scope for this")
            : null;
    }

    private static string KeyOf(string pod) => $"rpa_pod_{pod}";

    private EmulatedAnswer Route(EmulatedRequest request, DateTimeOffset now, RunPodFault? fault)
    {
        var path = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, path) switch
        {
            (_, ["v1", ..]) => Switches.FirstApiRetired ? Problem(410, "REST v1 was retired on 2026-11-15; use v2") : EmulatedAnswer.Page(404, "Not Found"),
            ("POST", ["graphql"]) => GraphQl(request.Body),
            ("GET", ["v2", "pods"]) => List(request, now),
            ("POST", ["v2", "pods"]) => Create(request.Body, now, fault),
            ("GET", ["v2", "pods", var id]) => OfPod(id, pod => EmulatedAnswer.Json(Row(pod, now))),
            ("PATCH", ["v2", "pods", var id]) => OfPod(id, pod => Change(pod, request.Body, now)),
            ("DELETE", ["v2", "pods", var id]) => OfPod(id, Terminate),
            ("POST", ["v2", "pods", var id, "action"]) => OfPod(id, pod => Act(pod, (string?)request.Body?["action"], now)),
            ("GET", ["v2", "pods", var id, "logs"]) => OfPod(id, pod => Logs(pod, request)),
            ("GET", ["v2", "catalog", "gpus"]) => Catalog(request, null),
            ("GET", ["v2", "catalog", "gpus", var id]) => Catalog(request, Uri.UnescapeDataString(id)),
            ("GET", ["v2", "catalog", "cpus"]) => EmulatedAnswer.Json(new JsonObject { ["cpus"] = new JsonArray() }),
            ("GET", ["v2", "catalog", "datacenters"]) => DataCenters(),
            ("GET", ["v2", "account", "ssh-keys"]) => SshKeys(),
            ("PUT", ["v2", "account", "ssh-keys"]) => PutSshKeys(request.Body),
            ("GET", ["v2", "registries"]) => Registries(),
            ("POST", ["v2", "registries"]) => AddRegistry(request.Body),
            ("GET", ["v2", "registries", var id]) => OneRegistry(id),
            ("DELETE", ["v2", "registries", var id]) => RemoveRegistry(id),
            ("GET", ["v2", "network-volumes"]) => Volumes(),
            ("POST", ["v2", "network-volumes"]) => AddVolume(request.Body),
            ("GET", ["v2", "network-volumes", var id]) => OneVolume(id),
            ("PATCH", ["v2", "network-volumes", var id]) => ChangeVolume(id, request.Body),
            ("DELETE", ["v2", "network-volumes", var id]) => RemoveVolume(id),
            ("GET", ["v2", "billing", "pods"]) => Billing(request, now),
            _ when Methods(path) is { } methods => Problem(405, "method not allowed") with { Headers = ImmutableDictionary<string, string>.Empty.Add("Allow", methods) },
            _ => Problem(404, "not found"),
        };
    }

    /// <summary>What a path takes; null = there is no such path.</summary>
    private static string? Methods(string[] path) => path switch
    {
        ["v2", "pods"] or ["v2", "registries"] or ["v2", "network-volumes"] => "GET, POST",
        ["v2", "pods", _] or ["v2", "network-volumes", _] => "GET, PATCH, DELETE",
        ["v2", "registries", _] => "GET, DELETE",
        ["v2", "pods", _, "action"] => "POST",
        ["v2", "account", "ssh-keys"] => "GET, PUT",
        ["v2", "pods", _, "logs"] or ["v2", "catalog", "gpus" or "cpus" or "datacenters"] or ["v2", "catalog", "gpus", _] or ["v2", "billing", "pods"] => "GET",
        _ => null,
    };

    private EmulatedAnswer OfPod(string id, Func<RunPodInstance, EmulatedAnswer> serve) => _pods.TryGetValue(id, out var pod) ? serve(pod) : Missing("pod");

    private EmulatedAnswer GraphQl(JsonObject? body)
    {
        var query = (string?)body?["query"] ?? "";
        var now = time.GetUtcNow();
        if (_lastGraphQl is { } last && now - last < Switches.GraphQlEvery)
        {
            return Problem(429, "too many requests");
        }

        _lastGraphQl = now;
        if (Switches.GraphQlRetired)
        {
            return Problem(410, "GraphQL was retired");
        }

        if (query.Contains("podRentInterruptable", StringComparison.Ordinal))
        {
            return Switches.SpotRetired
                ? GraphQlError(400, "Cannot query field \"podRentInterruptable\" on type \"Mutation\".")
                : GraphQlError(200, "There are no instances available with the request specifications. Please try again later.");
        }

        return query.Contains("myself", StringComparison.Ordinal)
            ? EmulatedAnswer.Json(new JsonObject
            {
                ["data"] = new JsonObject
                {
                    ["myself"] = new JsonObject { ["id"] = "user_abc", ["email"] = "dev@example.org", ["clientBalance"] = Left, ["currentSpendPerHr"] = _pods.Values.Where(pod => !pod.IsHalted).Sum(pod => pod.Rate) },
                },
            })
            : GraphQlError(400, "Cannot query field \"x\" on type \"Query\".");
    }

    private static EmulatedAnswer GraphQlError(int status, string words) => EmulatedAnswer.Json(new JsonObject { ["errors"] = new JsonArray(new JsonObject { ["message"] = words }) }, status);

    private static int Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
