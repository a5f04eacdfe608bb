using System.Diagnostics;

namespace Orchestrator.Engine.Hosts;

/// <summary>The pipes of one <c>agent attach</c> process.</summary>
public sealed class LocalConnection : IAgentConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Process _process;

    public LocalConnection(Process process)
    {
        _process = process;
        // Its words go nowhere, but an unread pipe would block it.
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
    }

    public Stream FromAgent => _process.StandardOutput.BaseStream;

    public Stream ToAgent => _process.StandardInput.BaseStream;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Something it left behind holds its pipes open: closing our ends is all that is left to do.
        }

        _process.Dispose();
    }
}
