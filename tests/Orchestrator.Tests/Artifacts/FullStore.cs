using System.Reflection;
using Orchestrator.Engine.Artifacts;

namespace Orchestrator.Tests.Artifacts;

/// <summary>A store that has no room for anything new.</summary>
public class FullStore : DispatchProxy
{
    private IObjectStore? _inner;

    internal static IObjectStore Of(IObjectStore inner)
    {
        var full = Create<IObjectStore, FullStore>();
        ((FullStore)(object)full)._inner = inner;
        return full;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.Name is nameof(IObjectStore.CopyAsync) or nameof(IObjectStore.WriteAsync)
            ? Task.FromException(new StoreException(StoreErrorKind.Full, "no space left"))
            : targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
}
