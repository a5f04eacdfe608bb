using System.Text.Json;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Journal;

/// <summary>
/// What happened, numbered from 1 without gaps, on disk before anybody hears of it. Also remembers which commands are done:
/// a command and the event that answers it are one line, so that a crash cannot part them.
/// </summary>
internal sealed class AgentJournal : IDisposable
{
    private const int CompactAfterLines = 200;
    private const int KeysKept = 2000;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Action _makeRoom;
    private readonly List<JournalEntry> _entries = [];
    private readonly Queue<(AgentEvent Event, string? Key)> _unwritten = [];
    private readonly List<string> _keyOrder = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _kinds = new(StringComparer.Ordinal);
    private FileStream _file;
    private long _goodLength;
    private readonly HeldRoom _room = new();
    private long _trimmed;
    private int _deadLines;

    /// <param name="path">The journal's file; created when absent, a torn last line is cut off.</param>
    /// <param name="time">Host clock.</param>
    /// <param name="makeRoom">Called when the disk is full, before the write is tried once more.</param>
    public AgentJournal(string path, TimeProvider time, Action makeRoom)
    {
        _path = path;
        _time = time;
        _makeRoom = makeRoom;
        _file = Open();
        Load();
        _room.Keep(_file.SafeFileHandle, _goodLength);
    }

    /// <summary>After an event became durable.</summary>
    public event Action? Changed;

    /// <summary>Number of the newest durable event; 0 = none.</summary>
    public long LastSeq { get; private set; }

    public bool IsDone(string key)
    {
        lock (_lock)
        {
            return _keys.Contains(key) || _unwritten.Any(one => one.Key == key);
        }
    }

    /// <summary>Whether an event of this kind (its discriminator, <c>trainer-ended</c>) was ever written.</summary>
    public bool Has(string kind)
    {
        lock (_lock)
        {
            return _kinds.Contains(kind);
        }
    }

    /// <summary>Numbers, dates and writes the event. On a full disk it is kept and written by a later <see cref="Flush"/>.</summary>
    public void Append(AgentEvent happened, string? key = null)
    {
        lock (_lock)
        {
            _unwritten.Enqueue((happened, key));
        }

        Flush();
    }

    /// <summary>Writes what could not be written before; true = nothing is left.</summary>
    public bool Flush()
    {
        var any = false;
        lock (_lock)
        {
            while (_unwritten.TryPeek(out var next))
            {
                if (!TryWrite(next.Event, next.Key))
                {
                    break;
                }

                _unwritten.Dequeue();
                any = true;
            }
        }

        if (any)
        {
            Changed?.Invoke();
        }

        lock (_lock)
        {
            return _unwritten.Count == 0;
        }
    }

    /// <summary>Events after <paramref name="since"/>, oldest first.</summary>
    public IReadOnlyList<JournalEntry> After(long since, int most)
    {
        lock (_lock)
        {
            var first = (int)Math.Clamp(since - _trimmed, 0, _entries.Count);
            return _entries.GetRange(first, Math.Min(most, _entries.Count - first));
        }
    }

    /// <summary>The server has stored events up to <paramref name="seq"/>.</summary>
    public void Acknowledge(long seq)
    {
        lock (_lock)
        {
            var drop = (int)Math.Clamp(seq - _trimmed, 0, _entries.Count);
            if (drop == 0)
            {
                return;
            }

            _entries.RemoveRange(0, drop);
            _trimmed += drop;
            _deadLines += drop;
            if (_deadLines >= CompactAfterLines)
            {
                Compact();
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private bool TryWrite(AgentEvent happened, string? key)
    {
        var numbered = happened with { Seq = LastSeq + 1, At = _time.GetUtcNow() };
        var raw = JsonSerializer.SerializeToUtf8Bytes(numbered, AgentJson.Default.AgentEvent);
        var line = JournalLine.Event(key, raw);
        if (!TryAppend(line))
        {
            _makeRoom();
            if (!TryAppend(line))
            {
                return false;
            }
        }

        Remember(numbered.Seq, raw, key);
        return true;
    }

    private bool TryAppend(byte[] line)
    {
        try
        {
            _file.Write(line);
            _file.Flush(flushToDisk: true);
            _goodLength += line.Length;
            _room.Keep(_file.SafeFileHandle, _goodLength);
            return true;
        }
        catch (IOException e)
        {
            Diagnostics.Write($"the journal cannot be written: {e.Message}");
            // Half a line in the middle would make all that follows unreadable.
            _file.SetLength(_goodLength);
            _file.Position = _goodLength;
            _room.Forget();
            return false;
        }
    }

    private void Remember(long seq, byte[] raw, string? key)
    {
        LastSeq = seq;
        _entries.Add(new JournalEntry(seq, raw));
        RememberKey(key);
        using var document = JsonDocument.Parse(raw);
        if (document.RootElement.TryGetProperty("event", out var kind) && kind.GetString() is { } name)
        {
            _kinds.Add(name);
        }
    }

    private void RememberKey(string? key)
    {
        if (key is not null && _keys.Add(key))
        {
            _keyOrder.Add(key);
            if (_keyOrder.Count > KeysKept)
            {
                _keys.Remove(_keyOrder[0]);
                _keyOrder.RemoveAt(0);
            }
        }
    }

    private void Load()
    {
        var bytes = File.ReadAllBytes(_path);
        var start = 0;
        while (start < bytes.Length)
        {
            var end = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (end < 0 || !TryLoad(bytes.AsMemory(start, end)))
            {
                Diagnostics.Write($"the journal is cut at byte {start}: what follows is torn");
                break;
            }

            start += end + 1;
        }

        _goodLength = start;
        _file.SetLength(start);
        _file.Position = start;
    }

    private bool TryLoad(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (root.TryGetProperty("base", out var trimmed))
            {
                _trimmed = LastSeq = trimmed.GetInt64();
                foreach (var key in root.GetProperty("keys").EnumerateArray())
                {
                    RememberKey(key.GetString());
                }

                foreach (var kind in root.GetProperty("kinds").EnumerateArray())
                {
                    _kinds.Add(kind.GetString()!);
                }

                return true;
            }

            var happened = root.GetProperty("event");
            var seq = happened.GetProperty("seq").GetInt64();
            if (seq != LastSeq + 1)
            {
                return false;
            }

            Remember(seq, System.Text.Encoding.UTF8.GetBytes(happened.GetRawText()), root.TryGetProperty("key", out var done) ? done.GetString() : null);
            return true;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private void Compact()
    {
        var lines = new List<byte[]> { JournalLine.Header(_trimmed, _keyOrder, _kinds) };
        lines.AddRange(_entries.Select(entry => JournalLine.Event(null, entry.Event)));
        try
        {
            AtomicFile.Write(_path, [.. lines.SelectMany(line => line)]);
        }
        catch (IOException e)
        {
            // The longer file is as good; the next acknowledgement tries again.
            Diagnostics.Write($"the journal cannot be trimmed now: {e.Message}");
            return;
        }

        _file.Dispose();
        _file = Open();
        _goodLength = _file.Length;
        _file.Position = _goodLength;
        _deadLines = 0;
        _room.Forget();
        _room.Keep(_file.SafeFileHandle, _goodLength);
    }

    private FileStream Open() => new(_path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.ReadWrite,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
