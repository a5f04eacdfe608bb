using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Orchestrator.Providers;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>Everything that providers say while it listens: log lines of every level with their values, and each of their exceptions, thrown or caught.</summary>
internal sealed class SpokenWords : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _words = new();

    public SpokenWords() => AppDomain.CurrentDomain.FirstChanceException += Hear;

    public IReadOnlyCollection<string> All => _words;

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("it keeps the lines itself");

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _words.Enqueue($"scope {state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? string.Join(", ", pairs.Select(pair => $"{pair.Key}={pair.Value}")) : "";
        _words.Enqueue($"{logLevel}: {formatter(state, exception)} ({values}) {exception}");
    }

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= Hear;

    /// <summary>Of the whole process: tests that run beside this one use the same keys, and must not say them either.</summary>
    private void Hear(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (thrown.Exception is ProviderException spoken)
        {
            _words.Enqueue(spoken.ToString());
        }
    }
}
