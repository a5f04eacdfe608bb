using System.Globalization;
using Docker.DotNet.Models;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>
/// One pull as its stream tells it. The library calls a pull done whatever the stream said, and waits for ever for one that stands
/// still: both are noticed here.
/// </summary>
internal sealed class ImagePull(TimeProvider time) : IProgress<JSONMessage>
{
    private const int MostLayers = 1000;

    /// <summary>A layer's id has 12 characters, what happens to it some twenty; a line may have a million.</summary>
    private const int LongestWord = 128;

    private const double Giga = 1e9;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Layer> _layers = new(StringComparer.Ordinal);
    private long _movedAt = time.GetTimestamp();
    private string? _error;

    /// <summary>What went wrong; null = nothing did.</summary>
    public string? Error
    {
        get
        {
            lock (_gate)
            {
                return _error;
            }
        }
    }

    /// <summary>Since anything but a repetition was last told.</summary>
    public TimeSpan StandsStill
    {
        get
        {
            lock (_gate)
            {
                return time.GetElapsedTime(_movedAt);
            }
        }
    }

    /// <summary>Everything has come; some daemons say nothing while they unpack a large layer.</summary>
    public bool IsUnpacking
    {
        get
        {
            lock (_gate)
            {
                return _layers.Count > 0 && _layers.Values.All(layer => layer.IsHere);
            }
        }
    }

    /// <summary><c>pulling the image: 3 of 9 layers, 1.2 of 4.0 GB</c>.</summary>
    public string Words
    {
        get
        {
            lock (_gate)
            {
                var done = _layers.Values.Count(layer => layer.IsDone);
                var (current, total) = (_layers.Values.Sum(layer => layer.Got), _layers.Values.Sum(layer => layer.Total));
                return _layers.Count == 0
                    ? "pulling the image"
                    : string.Create(CultureInfo.InvariantCulture, $"pulling the image: {done} of {_layers.Count} layers, {current / Giga:0.0} of {total / Giga:0.0} GB");
            }
        }
    }

    public void Report(JSONMessage value)
    {
        ArgumentNullException.ThrowIfNull(value);
        lock (_gate)
        {
            if (value.Error is { } error)
            {
                _error ??= error.Message is { Length: > 0 } words ? words : "an error without words";
            }

            if (value.ID is not { Length: > 0 } id || (value.Status is null && value.Progress is null) || id.Length > LongestWord || value.Status?.Length > LongestWord || (!_layers.ContainsKey(id) && (_layers.Count >= MostLayers || !IsLayer(value.Status))))
            {
                return;
            }

            var before = _layers.GetValueOrDefault(id, new Layer("", 0, 0, 0));
            var after = before.After(value.Status ?? before.Status, value.Progress?.Current ?? 0, value.Progress?.Total ?? 0);
            if (after != before)
            {
                (_layers[id], _movedAt) = (after, time.GetTimestamp());
            }
        }
    }

    /// <summary>The tag's own line ("Pulling from ...") carries an id as well.</summary>
    private static bool IsLayer(string? status) => status is not null && !status.StartsWith("Pulling from", StringComparison.Ordinal);

    private readonly record struct Layer(string Status, long At, long Got, long Total)
    {
        public bool IsHere => IsDone || Status is "Download complete" or "Extracting";

        public bool IsDone => Status is "Pull complete" or "Already exists";

        public Layer After(string status, long at, long of) => status switch
        {
            "Downloading" => new(status, at, at, Math.Max(of, Total)),
            "Download complete" or "Verifying Checksum" or "Pull complete" => new(status, at, Total, Total),
            // Extracting counts from the beginning again: what has come stays come.
            _ => this with { Status = status, At = at },
        };
    }
}
