using System.Collections.Immutable;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Artifacts;

/// <summary>
/// Answers a host's wishes for signed URLs. The host is not trusted: it names keys and sizes, we decide. Every refusal says
/// why, and whether asking again could help.
/// </summary>
public sealed class GrantService(IObjectStore store, TimeProvider time, GrantLimits? limits = null)
{
    private readonly GrantLimits _limits = limits ?? new();

    /// <summary>One answer for each wish, in the same order. Never throws for what the host or the store did.</summary>
    public async Task<GrantAnswer> AnswerAsync(GrantRequest request, GrantScope scope, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(scope);
        var wanted = request.Wanted.IsDefault ? [] : request.Wanted;
        var grants = ImmutableArray.CreateBuilder<Grant>(wanted.Length);
        foreach (var one in wanted)
        {
            grants.Add(grants.Count < _limits.PerRequest
                ? await AnswerAsync(one, scope, cancellation)
                : Refused(one?.Key ?? "", $"more than {_limits.PerRequest} grants in one request; ask for the others again"));
        }

        return new(request.Id, grants.ToImmutable());
    }

    // JSON can hold null where the type says it cannot.
    private async Task<Grant> AnswerAsync(GrantWanted? wanted, GrantScope scope, CancellationToken cancellation)
    {
        if (wanted?.Key is not { } key)
        {
            return Refused("", "a grant needs a key", final: true);
        }

        if (Problem(wanted, scope) is { } problem)
        {
            return Refused(key, problem, final: true);
        }

        try
        {
            return await GrantedAsync(wanted, cancellation);
        }
        catch (StoreException error)
        {
            return Refused(key, error.Message, final: error.Kind is StoreErrorKind.Exists or StoreErrorKind.Invalid or StoreErrorKind.NotFound);
        }
    }

    private string? Problem(GrantWanted wanted, GrantScope scope)
    {
        if (StoreKeys.Problem(wanted.Key) is { } bad)
        {
            return bad;
        }

        if (wanted.Kind == GrantKind.Get)
        {
            return scope.JobPrefixes.Any(prefix => Below(wanted.Key, prefix)) || scope.Readable.Contains(wanted.Key) ? null : "this attempt may not read that key";
        }

        if (!Below(wanted.Key, scope.AttemptPrefix))
        {
            return "this attempt may write below its own prefix only";
        }

        if (!scope.MayWrite)
        {
            return "this attempt is not the job's current one any more";
        }

        return wanted.Kind switch
        {
            GrantKind.Put => SizeProblem(wanted.Size),
            GrantKind.PutPart => SizeProblem(wanted.Size) ?? PartProblem(wanted) ?? UploadProblem(wanted),
            GrantKind.CompleteMultipart or GrantKind.AbortMultipart => UploadProblem(wanted),
            GrantKind.BeginMultipart => null,
            GrantKind.PutAhead => CheckpointKeys.IsAhead(scope.AttemptPrefix, wanted.Key) ? null : "only spare files and manifests of checkpoints are granted ahead",
            _ => "this server does not know that kind of grant",
        };
    }

    private async Task<Grant> GrantedAsync(GrantWanted wanted, CancellationToken cancellation)
    {
        var expires = time.GetUtcNow() + _limits.Lifetime;
        var key = wanted.Key;
        switch (wanted.Kind)
        {
            case GrantKind.Get:
                return Granted(key, await store.LinkAsync(key, expires, cancellation), null);
            case GrantKind.Put:
                return Granted(key, store.SignPut(key, wanted.Size, expires), null);
            case GrantKind.PutAhead:
                return store.SignPutAhead(key, time.GetUtcNow() + _limits.AheadLifetime) is { } ahead
                    ? Granted(key, ahead, null)
                    : Refused(key, "this store takes nothing while the server is away", final: true);
            case GrantKind.PutPart:
                return Granted(key, store.SignPart(key, wanted.UploadId!, wanted.Part, wanted.Size, expires), wanted.UploadId);
            case GrantKind.BeginMultipart:
                return new() { Key = key, UploadId = await store.BeginMultipartAsync(key, onlyIfAbsent: true, cancellation) };
            case GrantKind.CompleteMultipart:
                await store.CompleteMultipartAsync(key, wanted.UploadId!, onlyIfAbsent: true, cancellation);
                return new() { Key = key, UploadId = wanted.UploadId };
            case GrantKind.AbortMultipart:
                await store.AbortMultipartAsync(key, wanted.UploadId!, cancellation);
                return new() { Key = key, UploadId = wanted.UploadId };
            default:
                throw new InvalidOperationException($"grant kind {wanted.Kind} was not refused");
        }
    }

    // A prefix without its slash would also admit a neighbour's longer name.
    private static bool Below(string key, string prefix) => prefix.EndsWith('/') && key.Length > prefix.Length && key.StartsWith(prefix, StringComparison.Ordinal);

    private string? SizeProblem(long size) => size < 0 || size > _limits.MaxBytes ? $"a size must be from 0 to {_limits.MaxBytes} bytes" : null;

    private string? PartProblem(GrantWanted wanted) => wanted.Part < 1 || wanted.Part > _limits.MaxParts ? $"a part must be from 1 to {_limits.MaxParts}" : null;

    private static string? UploadProblem(GrantWanted wanted) => wanted.UploadId is { Length: > 0 and <= 1024 } ? null : "an upload id is missing or too long";

    private static Grant Granted(string key, SignedUrl url, string? uploadId) =>
        new() { Key = key, Url = url.Url, Expires = url.Expires, UploadId = uploadId, Headers = url.Headers.IsEmpty ? null : url.Headers };

    private static Grant Refused(string key, string why, bool final = false) => new() { Key = key, Refused = why, Final = final };
}
