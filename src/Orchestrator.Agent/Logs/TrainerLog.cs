using System.Runtime.InteropServices;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Logs;

/// <summary>
/// The trainer's output: one file that the trainer itself appends to, so that the agent's death loses nothing. It is bounded by
/// punching holes at its head, which gives the disk back and leaves every offset as it was.
/// </summary>
internal sealed class TrainerLog(AgentFolder folder, StateFile state)
{
    private const long PunchStep = 1 << 20;
    private const long Block = 4096;

    private long _acknowledged;

    public long Length => FileStat.Of(folder.TrainerLog, follow: true)?.Size ?? 0;

    /// <summary>First byte still there.</summary>
    public long Start => state.Current.LogStart;

    /// <summary>Bytes read from <paramref name="offset"/>; 0 at the end.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        try
        {
            using var file = File.OpenHandle(folder.TrainerLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return RandomAccess.Read(file, buffer, offset);
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>The last bytes, at most <paramref name="most"/>, from the beginning of a line where there is one.</summary>
    public string Tail(int most)
    {
        var length = Length;
        var from = Math.Max(Start, length - most);
        var buffer = new byte[most];
        var read = Read(from, buffer);
        var text = buffer.AsSpan(0, read);
        if (from > 0 && text.IndexOf((byte)'\n') is >= 0 and var newline && newline + 1 < text.Length)
        {
            text = text[(newline + 1)..];
        }

        return System.Text.Encoding.UTF8.GetString(text);
    }

    /// <summary>Words of ours among the trainer's, which appends as well.</summary>
    public void Append(string text)
    {
        using var file = new FileStream(folder.TrainerLog, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Bytes the server has stored.</summary>
    public long Acknowledged => _acknowledged;

    /// <summary>The server has stored the log up to <paramref name="offset"/>.</summary>
    public void Acknowledge(long offset) => _acknowledged = Math.Max(_acknowledged, Math.Min(offset, Length));

    /// <summary>Keeps the newest <paramref name="keep"/> bytes; what is not stored yet is kept up to four times that, then dropped too.</summary>
    /// <returns>Bytes dropped that nobody had stored.</returns>
    public long Trim(long keep)
    {
        var length = Length;
        var to = Math.Max(Math.Min(_acknowledged, length - keep), length - (4 * keep)) / Block * Block;
        return to - Start < PunchStep ? 0 : Punch(to);
    }

    /// <summary>Gives back all that is stored; for a disk that is full.</summary>
    public void DropStored()
    {
        var to = _acknowledged / Block * Block;
        if (to > Start)
        {
            Punch(to);
        }
    }

    private long Punch(long to)
    {
        var from = Start;
        try
        {
            using var file = File.OpenHandle(folder.TrainerLog, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            if (Libc.fallocate(file, Libc.PunchHole | Libc.KeepSize, 0, to) != 0)
            {
                Diagnostics.Write($"the log cannot be shortened here: error {Marshal.GetLastPInvokeError()}");
                return 0;
            }
        }
        catch (IOException e)
        {
            Diagnostics.Write($"the log cannot be shortened: {e.Message}");
            return 0;
        }

        state.Note(s => s with { LogStart = to });
        return Math.Max(0, to - Math.Max(from, _acknowledged));
    }
}
