using System.Collections.Concurrent;
using System.Reflection;
using Orchestrator.Engine.Artifacts;

namespace Orchestrator.IntegrationTests.Store;

/// <summary>Counts what is read of each object, and lets nothing be read before the gate opens.</summary>
public class GatedStore : DispatchProxy
{
    private IObjectStore? _inner;

    internal ConcurrentDictionary<string, int> Reads { get; } = new(StringComparer.Ordinal);

    internal TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal static (IObjectStore Store, GatedStore Gated) Of(IObjectStore inner)
    {
        var store = Create<IObjectStore, GatedStore>();
        var gated = (GatedStore)(object)store;
        gated._inner = inner;
        return (store, gated);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name != nameof(IObjectStore.ReadAsync))
        {
            return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        }

        Reads.AddOrUpdate((string)args![0]!, 1, (_, before) => before + 1);
        return ReadAsync((string)args[0]!, (long)args[1]!, (long?)args[2], (CancellationToken)args[3]!);
    }

    private async Task<Stream> ReadAsync(string key, long offset, long? length, CancellationToken cancellation)
    {
        await Gate.Task.WaitAsync(cancellation);
        return await _inner!.ReadAsync(key, offset, length, cancellation);
    }
}
