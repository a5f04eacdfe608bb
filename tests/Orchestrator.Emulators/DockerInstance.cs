using System.Net;

namespace Orchestrator.Emulators;

/// <summary>One instance of a <see cref="DockerBackend"/>: its commands run one after the other, in the background.</summary>
internal sealed class DockerInstance
{
    private readonly Lock _gate = new();

    public Task Last { get; private set; } = Task.CompletedTask;

    private readonly List<TrafficRelay> _doors = [];
    private int _changes;

    /// <summary>Of all its containers, one after the other.</summary>
    public TrafficCount Traffic { get; } = new();

    /// <summary>Its host has pulled it, and keeps it.</summary>
    public bool HasImage { get; set; }

    /// <summary>Null = not up.</summary>
    public IReadOnlyDictionary<int, int>? Ports { get; private set; }

    public string? Trouble { get; private set; }

    /// <summary>Whatever is under way for it is out of date.</summary>
    public int Changed()
    {
        lock (_gate)
        {
            Ports = null;
            return ++_changes;
        }
    }

    /// <param name="since">The change that it was started by.</param>
    /// <param name="listening">Where on this machine each port inside is reached; a relay stands before it.</param>
    public void OpenUnlessChanged(int since, IReadOnlyDictionary<int, int> listening)
    {
        var doors = listening.ToDictionary(port => port.Key, port => TrafficRelay.ToHost(new IPEndPoint(IPAddress.Loopback, port.Value), Traffic));
        _doors.AddRange(doors.Values);
        lock (_gate)
        {
            Ports = since == _changes ? doors.ToDictionary(door => door.Key, door => door.Value.Port) : Ports;
        }
    }

    /// <summary>By the commands that run one after the other, as they are opened.</summary>
    public async Task CloseDoorsAsync()
    {
        foreach (var door in _doors)
        {
            await door.DisposeAsync();
        }

        _doors.Clear();
    }

    public void Then(Func<Task> work)
    {
        lock (_gate)
        {
            Last = After(Last, work);
        }
    }

    private async Task After(Task before, Func<Task> work)
    {
        await before;
        try
        {
            await work();
            Trouble = null;
        }
        catch (InvalidOperationException failure)
        {
            Trouble = failure.Message;
        }
    }
}
