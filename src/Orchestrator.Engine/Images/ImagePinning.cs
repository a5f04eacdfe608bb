using System.Collections.Immutable;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Images;

/// <summary>Settles at submit which image a job runs for ever. Nothing is launched for an image that nobody could pull.</summary>
public sealed class ImagePinning(RegistrySet registries)
{
    /// <summary>Null without an image, and when <paramref name="problems"/> got an error.</summary>
    internal async Task<StoredImage?> PinAsync(JobSpec spec, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        if (spec.Image is not { } written)
        {
            return null;
        }

        if (ImageReference.Parse(written, out var problem) is not { } image)
        {
            problems.Add(JobService.Error("image", $"image: \"{written}\" is no image reference: {problem}", "write it like ghcr.io/acme/trainer:1.2"));
            return null;
        }

        try
        {
            using var registry = await registries.ClientAsync(image, spec.RegistryAuth, cancellation);
            return await registry.ResolveAsync(image, written, cancellation);
        }
        catch (TokenException missing)
        {
            problems.Add(JobService.Error("image", missing.Message, "nothing was submitted"));
        }
        catch (RegistryException refused) when (image.Digest is { } digest && refused.Kind is RegistryErrorKind.Unreachable or RegistryErrorKind.RateLimited)
        {
            // The digest says all there is to pin; the host may reach a registry that we do not.
            problems.Add(JobService.Note("image", $"image: {refused.Message}", "the job goes on, since the image is named by its digest; its size is not known"));
            return new(written, image.Pinned(digest), null);
        }
        catch (RegistryException refused)
        {
            problems.Add(JobService.Error("image", $"image {written}: {refused.Message}", Advice(refused.Kind, image, spec.RegistryAuth)));
        }

        return null;
    }

    private string Advice(RegistryErrorKind kind, ImageReference image, RegistryAuth? auth) => kind switch
    {
        RegistryErrorKind.NotFound => "check its name and tag; where it is private, log in with registry-auth or registries in orchestrator.yaml",
        RegistryErrorKind.Unauthorized when auth?.PasswordSecret is { } secret => $"mend registry-auth.username or the secret: orchestrator secret set {secret}",
        RegistryErrorKind.Unauthorized => registries.Entries.FirstOrDefault(entry => entry.Name == auth?.Profile || (auth is null && entry.Host == image.Registry)) is { User: not null } entry
            ? $"mend registries.{entry.Name}.user and .password in orchestrator.yaml; orchestrator registry test {entry.Name} tries them"
            : $"add a login for {image.Registry} under registries in orchestrator.yaml, or registry-auth: {{username: NAME, password: SECRET}} to the spec",
        RegistryErrorKind.RateLimited => "submit again later, or log in: registries count those with a login apart",
        RegistryErrorKind.Unusable => "nothing was submitted",
        _ => "submit again when it answers, or name the image by its digest (NAME@sha256:...), which needs no answer",
    };
}
