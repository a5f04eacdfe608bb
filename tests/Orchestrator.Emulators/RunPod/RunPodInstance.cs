using System.Globalization;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>A pod: what it does follows from when it was started and what happened to it since.</summary>
internal sealed class RunPodInstance(string id, RunPodHost host, int gpus, double price, JsonObject order, DateTimeOffset created)
{
    private const double DiskPerMonth = 0.10;

    /// <summary>Seconds from one start to the next in a crash loop.</summary>
    private const int CrashPeriod = 15;

    /// <summary>EXITED or ERROR; null = it was not stopped.</summary>
    private string? _halt;
    private DateTimeOffset _started = created;
    private DateTimeOffset? _firstUp;

    private bool _isPullTold;
    private int _startsTold;

    public string Id { get; } = id;

    public RunPodHost Host { get; } = host;

    /// <summary>As many as it has; none where it was started without.</summary>
    public int Gpus => IsWithoutCards ? 0 : gpus;

    /// <summary>It runs, and others have its cards.</summary>
    public bool IsWithoutCards { get; set; }

    public JsonObject Order { get; } = order;

    public DateTimeOffset Created { get; } = created;

    public RunPodMeter Meter { get; } = new(created);

    /// <summary>What it was created with.</summary>
    public RunPodFault? Fault { get; init; }

    public bool IsHalted => _halt is not null;

    /// <summary>Its host cannot be reached: the pod keeps its status and loses its ports, and costs nothing meanwhile.</summary>
    public bool IsOffline { get; set; }

    public string Name => (string?)Order["name"] ?? "";

    public double Rate => price * Gpus;

    public double DiskRate => DiskPerMonth * Disk / 730;

    private int Disk => (int?)Order["disk"] ?? 20;

    /// <summary>Narration of its host.</summary>
    public List<(DateTimeOffset At, string Line)> Log { get; } = [];

    public void Start(DateTimeOffset now)
    {
        _started = now;
        _halt = null;
        (_isPullTold, _startsTold) = (false, 0);
        Log.Add((now, $"create container {Order["image"]}"));
    }

    /// <summary>Whether the pull is over, for good or for bad.</summary>
    public bool IsPulled(DateTimeOffset now, RunPodSwitches switches) => Fault != RunPodFault.StuckPulling && now >= UpAt(switches);

    /// <summary>Its host goes on telling, whoever listens.</summary>
    public void Narrate(DateTimeOffset now, RunPodSwitches switches)
    {
        if (IsHalted)
        {
            return;
        }

        if (!_isPullTold && now >= _started + switches.Provisioning)
        {
            _isPullTold = true;
            Log.Add((_started + switches.Provisioning, $"Pulling from {Order["image"]}"));
        }

        // One once the image is there; of what crashes, another each time.
        var starts = !IsPulled(now, switches) || Fault is RunPodFault.PullFails or RunPodFault.ImageTooLarge ? 0
            : Fault is RunPodFault.CrashLoop or RunPodFault.DriverTooOld ? 1 + (int)((now - UpAt(switches)).TotalSeconds / CrashPeriod)
            : 1;
        for (; _startsTold < starts; _startsTold++)
        {
            var at = UpAt(switches) + TimeSpan.FromSeconds(CrashPeriod * _startsTold);
            Log.Add((at, "start container"));
            if (Fault == RunPodFault.DriverTooOld)
            {
                Log.Add((at, "error starting container: Error response from daemon: failed to create task for container: nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver: unknown"));
            }
        }
    }

    public void Halt(string status) => _halt = status;

    public DateTimeOffset PulledFrom(RunPodSwitches switches) => _started + switches.Provisioning;

    public DateTimeOffset UpAt(RunPodSwitches switches) => _started + switches.Provisioning + switches.Pulling;

    /// <summary>Since when compute is billed; null = it is not.</summary>
    public DateTimeOffset? BilledFrom(RunPodSwitches switches) => IsHalted || IsOffline ? null : switches.BilledWhilePulling ? _started : UpAt(switches);

    public string Status(DateTimeOffset now, RunPodSwitches switches, bool hasContainer) =>
        _halt
        ?? (switches.RunningAtOnce ? "RUNNING"
            : now < _started + switches.Provisioning ? "PROVISIONING"
            : !IsPulled(now, switches) || !hasContainer ? "STARTING"
            : "RUNNING");

    public static IReadOnlyList<string> Actions(string status) => status switch
    {
        "RUNNING" => ["stop", "restart", "terminate"],
        "EXITED" or "ERROR" => ["start", "terminate"],
        _ => ["stop", "terminate"],
    };

    public JsonObject Row(DateTimeOffset now, RunPodSwitches switches, IReadOnlyDictionary<int, int>? ports)
    {
        var status = Status(now, switches, ports is not null);
        var isUp = !IsHalted && !IsOffline && ports is not null && IsPulled(now, switches);
        var isOpen = isUp && now >= UpAt(switches) + switches.Opening;
        if (isUp)
        {
            _firstUp ??= UpAt(switches);
        }

        var row = new JsonObject
        {
            ["id"] = Id, ["name"] = Name, ["image"] = Order["image"]?.DeepClone(), ["args"] = Order["args"]?.DeepClone() ?? "", ["disk"] = Disk, ["ports"] = Order["ports"]?.DeepClone() ?? new JsonArray(),
            ["env"] = Order["env"]?.DeepClone() ?? new JsonObject(), ["registry"] = Order["registry"]?.DeepClone(), ["status"] = status, ["actions"] = new JsonArray([.. Actions(status).Select(action => (JsonNode)action)]),
            ["mounts"] = Order["mounts"]?.DeepClone() ?? new JsonObject(), ["gpu"] = new JsonObject { ["id"] = Host.Gpu, ["count"] = Gpus, ["vcpuCount"] = Host.Vcpus * Gpus, ["memory"] = Host.Ram * Gpus },
            ["cloud"] = Host.Cloud, ["dataCenterId"] = Host.DataCenter, ["cudaVersion"] = Host.Cuda, ["ssh"] = Ssh(now, switches, isOpen ? ports : null), ["template"] = null,
            ["cost"] = IsHalted && !switches.CostKeptWhenExited ? 0.0 : Rate, ["locked"] = (bool?)Order["locked"] ?? false, ["globalNetworking"] = new JsonObject { ["enabled"] = false },
            ["runtime"] = isUp ? Runtime(now, switches, isOpen ? ports! : null) : null, ["createdAt"] = Instant(Created), ["startedAt"] = _firstUp is { } first ? Instant(first) : null,
        };
        if (IsWithoutCards)
        {
            row.Remove("gpu");
        }

        return row;
    }

    public static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private JsonObject Ssh(DateTimeOffset now, RunPodSwitches switches, IReadOnlyDictionary<int, int>? ports)
    {
        var user = $"{Id}-64411a0c";
        return new JsonObject
        {
            ["proxy"] = now < _started + switches.Provisioning ? null : new JsonObject { ["host"] = "ssh.runpod.io", ["port"] = 22, ["username"] = user, ["command"] = $"ssh {user}@ssh.runpod.io" },
            ["direct"] = ports is not null && ports.TryGetValue(22, out var outside)
                ? new JsonObject { ["host"] = "127.0.0.1", ["port"] = outside, ["username"] = "root", ["command"] = $"ssh root@127.0.0.1 -p {outside}" }
                : null,
        };
    }

    private JsonObject Runtime(DateTimeOffset now, RunPodSwitches switches, IReadOnlyDictionary<int, int>? ports) => new()
    {
        ["uptime"] = (int)(now - UpAt(switches)).TotalSeconds,
        ["gpus"] = new JsonArray([.. Enumerable.Range(0, Gpus).Select(_ => (JsonNode)new JsonObject { ["util"] = 0, ["memoryUtil"] = 1 })]),
        ["cpu"] = new JsonObject { ["util"] = 3 },
        ["memory"] = new JsonObject { ["util"] = 2 },
        ["ports"] = new JsonArray([.. Doors(ports)]),
    };

    private IEnumerable<JsonNode> Doors(IReadOnlyDictionary<int, int>? ports)
    {
        foreach (var (inside, outside) in ports ?? new Dictionary<int, int>())
        {
            yield return new JsonObject { ["private"] = inside, ["public"] = outside, ["type"] = "tcp", ["ip"] = "127.0.0.1" };
        }

        foreach (var (inside, _) in PortsOf(Order).Where(port => ports is not null && port.Kind == "http"))
        {
            yield return new JsonObject { ["private"] = inside, ["public"] = 60141, ["type"] = "http", ["ip"] = "100.65.0.101" };
        }
    }

    /// <summary>"22/tcp", "8000/http"; whatever is none of them is passed over.</summary>
    public static IEnumerable<(int Port, string Kind)> PortsOf(JsonObject order) => (order["ports"] as JsonArray ?? [])
        .Select(port => ((string?)port ?? "").Split('/')).Where(parts => parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Select(parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]));
}
