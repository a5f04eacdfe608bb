namespace Orchestrator.Emulators;

/// <summary>Has bytes, and after them no end: whoever reads on waits until told to stop.</summary>
internal sealed class OpenStream(byte[] bytes) : MemoryStream(bytes, writable: false)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return read;
    }
}
