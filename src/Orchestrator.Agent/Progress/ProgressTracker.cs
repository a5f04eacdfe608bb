using System.Collections.Immutable;
using Orchestrator.Agent.Logs;
using Orchestrator.Agent.Native;
using Orchestrator.Agent.Staging;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Progress;

/// <summary>The newest progress, from the trainer's log and its progress file.</summary>
internal sealed class ProgressTracker
{
    private const int Piece = 64 * 1024;

    // After our own restart the end of the log is enough to know where training is.
    private const long LookBack = 256 * 1024;
    private const int MostMetrics = 16;

    private readonly AgentFolder _folder;
    private readonly StateFile _state;
    private readonly TrainerLog _log;
    private readonly Lock _lock = new();
    private readonly byte[] _buffer = new byte[Piece];
    private readonly LineSplitter _logLines;
    private readonly LineSplitter _fileLines;
    private TrainerOrder? _order;
    private ProgressParser _parser = new(ProgressFormat.None, null);
    private long _logOffset = -1;
    private long _fileOffset;
    private ulong _fileInode;
    private bool _fileSpeaks;

    public ProgressTracker(AgentFolder folder, StateFile state, TrainerLog log)
    {
        _folder = folder;
        _state = state;
        _log = log;
        _logLines = new LineSplitter(line => Take(_fileSpeaks ? null : _parser.ParseLog(line)));
        _fileLines = new LineSplitter(line =>
        {
            var reading = JsonLineParser.Parse(line);
            _fileSpeaks |= reading?.Step is not null;
            Take(reading);
        });
    }

    /// <summary>Rises with every change.</summary>
    public long Version { get; private set; }

    public long? Step { get; private set; }

    public long? Total { get; private set; }

    public ImmutableSortedDictionary<string, double>? Metrics { get; private set; }

    /// <summary>Metrics that are no finite numbers now; null = none is.</summary>
    public ImmutableSortedDictionary<string, OddMetric>? NotFinite { get; private set; }

    /// <summary>Why the order's progress cannot be read as it says; null = it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads what is new.</summary>
    public void ReadToEnd()
    {
        lock (_lock)
        {
            if (_state.Current.Order is not { } order)
            {
                return;
            }

            if (!ReferenceEquals(order, _order))
            {
                Prepare(order);
            }

            if (order.Progress.Format == ProgressFormat.None)
            {
                return;
            }

            ReadFile(order);
            if (order.Progress.Format != ProgressFormat.JsonLines || !_fileSpeaks)
            {
                ReadLog();
            }
        }
    }

    /// <summary>Whether a line of the log tells a step.</summary>
    public bool IsProgress(string line)
    {
        lock (_lock)
        {
            return _parser.ParseLog(line)?.Step is not null;
        }
    }

    private void Prepare(TrainerOrder order)
    {
        _order = order;
        string? problem = null;
        var pattern = order.Progress.Pattern is { } text ? PatternParser.Create(text, out problem) : null;
        Problem = problem;
        var format = pattern is not null && order.Progress.Format == ProgressFormat.Auto ? ProgressFormat.Pattern : order.Progress.Format;
        _parser = new ProgressParser(format, pattern);
        Total = order.Progress.Total ?? Total;
    }

    private void ReadLog()
    {
        if (_logOffset < 0)
        {
            _logOffset = Math.Max(_log.Start, _log.Length - LookBack);
        }

        _logOffset = Math.Max(_logOffset, _log.Start);
        int read;
        while ((read = _log.Read(_logOffset, _buffer)) > 0)
        {
            _logOffset += read;
            _logLines.Add(_buffer.AsSpan(0, read));
        }
    }

    private void ReadFile(TrainerOrder order)
    {
        var path = order.Progress.File is { } named ? new SpecPaths(_folder).Place(named) : _folder.ProgressFile;
        if (FileStat.Of(path, follow: true) is not { IsRegular: true } stat)
        {
            return;
        }

        if (stat.Inode != _fileInode || stat.Size < _fileOffset)
        {
            // Another file, or begun anew; of a long one the end is enough.
            _fileInode = stat.Inode;
            _fileOffset = Math.Max(0, stat.Size - LookBack);
        }

        if (stat.Size == _fileOffset)
        {
            return;
        }

        try
        {
            using var file = RegularFile.Open(path);
            int read;
            while ((read = RandomAccess.Read(file, _buffer, _fileOffset)) > 0)
            {
                _fileOffset += read;
                _fileLines.Add(_buffer.AsSpan(0, read));
            }
        }
        catch (IOException)
        {
            // Replaced while we looked: the next look reads the new one.
        }
    }

    private void Take(ProgressReading? reading)
    {
        if (reading is null)
        {
            return;
        }

        Step = reading.Step is >= 0 ? reading.Step : Step;
        Total = _order?.Progress.Total ?? (reading.Total is > 0 ? reading.Total : Total);
        foreach (var (name, value) in reading.Metrics)
        {
            if (IsKept(name))
            {
                Keep(name, value);
            }
        }

        Version++;
    }

    private bool IsKept(string name)
    {
        var known = (Metrics?.Count ?? 0) + (NotFinite?.Count ?? 0);
        return _order?.Progress is { Watched: { IsDefaultOrEmpty: false } watched } && watched.Contains(name)
            || (_order?.Progress is { Metrics: { IsDefaultOrEmpty: false } wanted } ? wanted.Contains(name)
                : known < MostMetrics || Metrics?.ContainsKey(name) == true || NotFinite?.ContainsKey(name) == true);
    }

    /// <summary>A metric is a number or it is none: the last finite one is not shown for what is NaN by now.</summary>
    private void Keep(string name, double value)
    {
        var (numbers, others) = (Metrics ?? ImmutableSortedDictionary<string, double>.Empty, NotFinite ?? ImmutableSortedDictionary<string, OddMetric>.Empty);
        if (double.IsFinite(value))
        {
            (Metrics, others) = (numbers.SetItem(name, value), others.Remove(name));
        }
        else
        {
            Metrics = numbers.Remove(name);
            var odd = OddMetric.Of(value, Step);
            others = others.TryGetValue(name, out var known) && known.Value == odd.Value ? others : others.SetItem(name, odd);
        }

        NotFinite = others.IsEmpty ? null : others;
    }
}
