using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Transfers;

/// <summary>
/// A range of a file as a request body. It hashes what it gives out and refuses to give out the last bytes of a range that
/// is not what was hashed before, so that the store never holds other bytes than the manifest says.
/// </summary>
internal sealed class HashingRange(string path, long offset, long length, UInt128? expected) : BodyStream
{
    private readonly SafeFileHandle _file = Open(path);
    private readonly XxHash128 _hash = new();
    private readonly long _end = offset + length;
    private long _at = offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_at == _end)
        {
            return 0;
        }

        int read;
        try
        {
            read = await RandomAccess.ReadAsync(_file, buffer[..(int)Math.Min(buffer.Length, _end - _at)], _at, cancellationToken);
        }
        catch (IOException e)
        {
            // Said as what it is: HTTP would take any IOException for the connection's.
            throw new ChangedException($"{NameOf(path)} cannot be read: {e.Message}");
        }

        _hash.Append(buffer.Span[..read]);
        _at += read;
        return _at == _end && expected is { } before && _hash.GetCurrentHashAsUInt128() != before
            ? throw new ChangedException($"{NameOf(path)} changed while it was sent")
            : read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return RegularFile.Open(path);
        }
        catch (IOException e)
        {
            throw new ChangedException($"{NameOf(path)} cannot be read: {e.Message}");
        }
    }

    /// <summary>A held file is reached by its descriptor's number.</summary>
    private static string NameOf(string path) => Path.GetFileName(new FileInfo(path).LinkTarget ?? path);
}
