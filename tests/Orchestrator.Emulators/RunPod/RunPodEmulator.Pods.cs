using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.RunPod;

/// <summary>What is rented: how it begins, stops and ends.</summary>
public sealed partial class RunPodEmulator
{
    /// <summary>Ids of what is rented and not ended.</summary>
    public IReadOnlyList<string> Rented
    {
        get
        {
            lock (_gate)
            {
                return [.. _pods.Keys];
            }
        }
    }

    /// <summary>Its host fails; the platform stops it, and says no more.</summary>
    public void LoseHost(string id)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            Stop(_pods[id], "EXITED");
        }
    }

    /// <summary>Its host loses its line, or has it back.</summary>
    public void TakeOffline(string id, bool away)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            _pods[id].IsOffline = away;
            backend.Freeze(id, away);
        }
    }

    /// <summary>All that was ever rented, each with its bill up to now.</summary>
    public IReadOnlyList<EmulatedBill> Bills
    {
        get
        {
            lock (_gate)
            {
                var now = time.GetUtcNow();
                Pass(now);
                return [.. _ended.Concat(_pods.Values).Select(pod => BillOf(pod, now))];
            }
        }
    }

    /// <summary>Machines with what is free of them, a line each.</summary>
    public IReadOnlyList<string> OnOffer
    {
        get
        {
            lock (_gate)
            {
                return [.. _hosts.Select(host => $"host {host.Id}: {Free(host)} of {host.Gpus} x {host.Gpu}, {host.Cloud} {host.DataCenter}, CUDA {host.Cuda}")];
            }
        }
    }

    private EmulatedBill BillOf(RunPodInstance pod, DateTimeOffset now)
    {
        var isGone = !_pods.ContainsKey(pod.Id);
        return new(pod.Id, pod.Name, isGone ? "gone" : StatusOf(pod, now), pod.Rate, pod.Meter.Total, isGone);
    }

    /// <summary>Gone, without anybody asking for it.</summary>
    public void Vanish(string id)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            End(_pods[id]);
        }
    }

    /// <summary>An image is so large; of others it is not known.</summary>
    public void Weigh(string image, double gigabytes)
    {
        lock (_gate)
        {
            _imageGB[image] = gigabytes;
        }
    }

    /// <summary>What it was ordered as.</summary>
    public JsonObject OrderOf(string id)
    {
        lock (_gate)
        {
            return _pods[id].Order.DeepClone().AsObject();
        }
    }

    private void Begin(RunPodInstance pod, DateTimeOffset now)
    {
        pod.Start(now);
        switch (pod.Fault)
        {
            case RunPodFault.PullFails or RunPodFault.ImageTooLarge or RunPodFault.StuckPulling or RunPodFault.DriverTooOld:
                break;
            case RunPodFault.CrashLoop:
                backend.Start(pod.Id, ContainerOf(pod).Crashing());
                break;
            case RunPodFault.NoSsh:
                backend.Start(pod.Id, ContainerOf(pod).Idle());
                break;
            default:
                backend.Start(pod.Id, ContainerOf(pod));
                break;
        }
    }

    private void Stop(RunPodInstance pod, string status)
    {
        pod.Halt(status);
        backend.Stop(pod.Id);
    }

    private void End(RunPodInstance pod)
    {
        _pods.Remove(pod.Id);
        _ended.Add(pod);
        backend.Destroy(pod.Id);
    }

    /// <summary>Lets the time since the last call pass: meters run, pulls fail, money runs out.</summary>
    private void Pass(DateTimeOffset now)
    {
        foreach (var pod in _pods.Values)
        {
            pod.Meter.Run(now, pod.BilledFrom(Switches), pod.Rate, pod.DiskRate);
        }

        foreach (var pod in _pods.Values)
        {
            pod.Narrate(now, Switches);
        }

        foreach (var pod in _pods.Values.Where(one => one.Fault == RunPodFault.PullFails && !one.IsHalted && now >= one.UpAt(Switches)).ToList())
        {
            pod.Log.Add((now, "error pulling image: manifest unknown"));
            Stop(pod, Switches.PullFailureIsError ? "ERROR" : "EXITED");
        }

        foreach (var pod in _pods.Values.Where(one => one.Fault == RunPodFault.ImageTooLarge && !one.IsHalted && now >= one.PulledFrom(Switches)).ToList())
        {
            pod.Log.Add((now, "error pulling image: too large"));
            Stop(pod, "EXITED");
        }

        if (Left <= 0)
        {
            foreach (var pod in _pods.Values.Where(one => !one.IsHalted).ToList())
            {
                if (VolumeOf(pod.Order) is null)
                {
                    End(pod);
                }
                else
                {
                    Stop(pod, "EXITED");
                }
            }
        }
    }

    private JsonObject Row(RunPodInstance pod, DateTimeOffset now) => pod.Row(now, Switches, backend.Ports(pod.Id));

    private string StatusOf(RunPodInstance pod, DateTimeOffset now) => pod.Status(now, Switches, backend.Ports(pod.Id) is not null);
}
