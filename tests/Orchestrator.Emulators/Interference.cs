namespace Orchestrator.Emulators;

/// <summary>What happens between a client and an API, the same for all of them.</summary>
public sealed class Interference(IEmulatedApi api) : IEmulatedApi
{
    private readonly Lock _gate = new();
    private readonly FaultQueue<CallFault> _faults = new();

    /// <summary>Longer than a client waits for a list; a create may take its time.</summary>
    public static TimeSpan Slowness { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Nothing behind the gateway answers.</summary>
    public bool IsDown { get; set; }

    /// <summary>How many of what calls are to meet none has met yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _faults.Waiting;
            }
        }
    }

    /// <summary>The next call of this method, whose path begins so, meets it.</summary>
    public void FailNext(string method, string path, CallFault fault)
    {
        lock (_gate)
        {
            _faults.Add(method, path, fault);
        }
    }

    public EmulatedAnswer Answer(EmulatedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        CallFault? fault;
        lock (_gate)
        {
            fault = IsDown ? CallFault.BadGateway : _faults.Take(request);
        }

        return fault switch
        {
            CallFault.BadGateway => EmulatedAnswer.Page(502, "Bad Gateway"),
            CallFault.ErrorAfterwards => Acted(EmulatedAnswer.Page(500, "Internal Server Error")),
            CallFault.AnswerLost => Acted(EmulatedAnswer.Lost),
            CallFault.Slow => api.Answer(request) with { After = Slowness },
            _ => api.Answer(request),
        };

        EmulatedAnswer Acted(EmulatedAnswer instead)
        {
            api.Answer(request);
            return instead;
        }
    }
}
