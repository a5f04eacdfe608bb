using System.Text;

namespace Orchestrator.Agent.Progress;

/// <summary>Cuts a byte stream into lines at newlines and carriage returns (progress bars rewrite their line); what is longer than a screenful is cut off.</summary>
internal sealed class LineSplitter(Action<string> onLine)
{
    private const int Longest = 8 * 1024;
    private readonly byte[] _line = new byte[Longest];
    private int _length;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            var piece = end < 0 ? bytes : bytes[..end];
            var room = Math.Min(piece.Length, Longest - _length);
            piece[..room].CopyTo(_line.AsSpan(_length));
            _length += room;
            if (end < 0)
            {
                return;
            }

            Flush();
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>What stands there without an end is a line too.</summary>
    public void Flush()
    {
        if (_length > 0)
        {
            onLine(Encoding.UTF8.GetString(_line, 0, _length));
            _length = 0;
        }
    }
}
