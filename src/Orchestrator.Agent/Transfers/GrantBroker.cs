using Orchestrator.Protocol;

namespace Orchestrator.Agent.Transfers;

/// <summary>
/// Questions for signed URLs. A question stays open until it is answered, over as many connections as that takes: while
/// nobody is attached, whoever asked simply waits.
/// </summary>
internal sealed class GrantBroker(TimeProvider time)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, Question> _open = [];
    private long _lastId;

    /// <summary>After a question was added.</summary>
    public event Action? Changed;

    /// <summary>The answers, in the order of the questions.</summary>
    public async Task<IReadOnlyList<Grant>> AskAsync(IReadOnlyList<GrantWanted> wanted, CancellationToken cancellation)
    {
        Question question;
        lock (_lock)
        {
            question = new Question(new GrantRequest(++_lastId, [.. wanted]));
            _open.Add(question.Request.Id, question);
        }

        Changed?.Invoke();
        try
        {
            return await question.Answer.Task.WaitAsync(cancellation);
        }
        finally
        {
            lock (_lock)
            {
                _open.Remove(question.Request.Id);
            }
        }
    }

    public async Task<Grant> AskAsync(GrantWanted wanted, CancellationToken cancellation) => (await AskAsync([wanted], cancellation))[0];

    /// <summary>Questions that this connection has not sent yet, or so long ago that the answer must be lost.</summary>
    /// <param name="connection">The visit.</param>
    /// <param name="minor">The server's protocol: what it does not know would end the visit.</param>
    public IReadOnlyList<GrantRequest> ToSend(object connection, int minor)
    {
        lock (_lock)
        {
            var due = new List<GrantRequest>();
            foreach (var question in _open.Values.Where(one => minor >= one.Since))
            {
                if (question.SentOn != connection || time.GetElapsedTime(question.SentAt) > AskAgain)
                {
                    question.SentOn = connection;
                    question.SentAt = time.GetTimestamp();
                    due.Add(question.Request);
                }
            }

            return due;
        }
    }

    /// <summary>An answer that fits no question is ignored: it may be one to a question that was given up.</summary>
    public void Answer(GrantAnswer answer)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(answer.Id, out var question))
            {
                return;
            }

            var wanted = question.Request.Wanted;
            if (answer.Grants.IsDefault || answer.Grants.Length != wanted.Length || answer.Grants.Where((grant, i) => grant.Key != wanted[i].Key).Any())
            {
                Diagnostics.Write($"the answer to grant request {answer.Id} names other keys than were asked for; it is asked again");
                return;
            }

            question.Answer.TrySetResult([.. answer.Grants]);
        }
    }

    private sealed class Question(GrantRequest request)
    {
        public GrantRequest Request { get; } = request;

        /// <summary>First minor of the protocol that knows all of it.</summary>
        public int Since { get; } = request.Wanted.Any(wanted => wanted.Kind == GrantKind.PutAhead) ? ProtocolVersion.AheadSince : 0;

        public TaskCompletionSource<IReadOnlyList<Grant>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public object? SentOn { get; set; }

        public long SentAt { get; set; }
    }
}
