using System.Collections.Immutable;
using Orchestrator.Jobs;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>What a job would run: what its spec pins itself, and what is pinned only when it is submitted.</summary>
internal static class PlanPins
{
    private const int CommitLength = 40;

    public static ImmutableArray<PlanPin> Of(JobSpec spec)
    {
        var pins = ImmutableArray.CreateBuilder<PlanPin>();
        if (spec.Image is { } image)
        {
            pins.Add(new("image", image, image.Contains("@sha256:", StringComparison.Ordinal)));
        }

        if (spec.Code is { Kind: CodeSourceKind.Git } repository)
        {
            pins.Add(new("code", $"{repository.Git} {repository.Ref ?? "(default branch)"}", repository.Ref is { Length: CommitLength } commit && commit.All(char.IsAsciiHexDigit)));
        }
        else if (spec.Code is { Folder: { } folder })
        {
            pins.Add(new("code", folder, IsPinned: false));
        }

        pins.AddRange(spec.Data.Select(mount => new PlanPin("data", mount.From, IsPinned: false)));
        return pins.ToImmutable();
    }
}
