using Orchestrator.Protocol;

namespace Orchestrator.Agent;

/// <summary>
/// Takes commands in: each is done once, whoever sends it how often. One that is done is answered by the journal; one in work
/// is not begun twice; one that failed by our own fault may be sent again.
/// </summary>
internal sealed class CommandDesk(AgentHost host)
{
    private const int MostAtOnce = 64;
    private const int LongestKey = 200;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _inWork = new(StringComparer.Ordinal);

    public void Take(CommandMessage message)
    {
        if (message.Key is null || message.Key.Length is 0 or > LongestKey || message.Command is null)
        {
            Diagnostics.Write("a command without a usable key is ignored");
            return;
        }

        lock (_lock)
        {
            if (host.Journal.IsDone(message.Key) || _inWork.Count >= MostAtOnce || !_inWork.Add(message.Key))
            {
                return;
            }
        }

        _ = Task.Run(() => DoAsync(message.Key, message.Command));
    }

    private async Task DoAsync(string key, AgentCommand command)
    {
        Diagnostics.Write($"command {key}: {command.GetType().Name}");
        try
        {
            await host.Trouble.UntilThereIsRoomAsync(() => host.DoAsync(key, command), host.Stopping);
        }
        catch (OperationCanceledException)
        {
            // The agent stops; whoever wants it done sends it again.
        }
        catch (Exception e)
        {
            // Nothing here may end the agent, and nothing may vanish either: it is told, and the command may be sent again.
            host.Problems.Report("command " + command.GetType().Name, $"{command.GetType().Name} failed on the host: {e.GetType().Name}: {e.Message}");
        }
        finally
        {
            lock (_lock)
            {
                _inWork.Remove(key);
            }
        }
    }
}
