using System.Reflection;
using Orchestrator.Engine.Artifacts;

namespace Orchestrator.Tests.Artifacts;

/// <summary>Counts the keys that are asked for one by one.</summary>
public class CountingStore : DispatchProxy
{
    private IObjectStore? _inner;

    internal List<string> Heads { get; } = [];

    internal static (IObjectStore Store, CountingStore Counts) Of(IObjectStore inner)
    {
        var store = Create<IObjectStore, CountingStore>();
        var counts = (CountingStore)(object)store;
        counts._inner = inner;
        return (store, counts);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IObjectStore.HeadAsync))
        {
            Heads.Add((string)args![0]!);
        }

        return targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
    }
}
