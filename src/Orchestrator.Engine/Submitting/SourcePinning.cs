using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Artifacts.Git;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Store;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Submitting;

/// <summary>Finds a job's code and data when it is submitted, wherever the spec says that they lie.</summary>
public sealed class SourcePinning(BucketSources buckets, ForeignSources foreign, GitSource git, OutputSources outputs, JobStore jobs)
{
    /// <summary>Problems that are errors are added. Throws <see cref="StoreException"/>.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="folder">That relative paths start from.</param>
    /// <param name="scratch">For what is fetched, until it is in the store.</param>
    /// <param name="problems">Gets what is wrong.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<PinnedSources> PinAsync(JobSpec spec, string folder, string scratch, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        var local = ImmutableArray.CreateBuilder<SourceWanted>();
        var listed = ImmutableArray.CreateBuilder<ListedSource>();
        var checkout = spec.Code is { Kind: CodeSourceKind.Git } code ? await CheckOutAsync(code, scratch, problems, cancellation) : null;
        if (spec.Code is { } source && (checkout?.Folder ?? source.Folder) is { } from)
        {
            // A repository's own ignores are about what is not in it; git's folder is none of its files.
            ImmutableArray<string> exclude = checkout is null ? source.Exclude : [.. source.Exclude, ".git"];
            var tree = new SourceWanted(Path.GetFullPath(from, folder), source.To, source.Include, exclude, RespectGitignore: checkout is null);
            local.Add(CheckpointFolder.LeaveOut(tree, spec.Checkpoints?.Path, problems));
        }

        foreach (var mount in spec.Data)
        {
            switch (mount.Kind)
            {
                case DataSourceKind.Folder:
                    var data = new SourceWanted(Path.GetFullPath(mount.From, folder), mount.To, mount.Include, mount.Exclude, RespectGitignore: false);
                    local.Add(CheckpointFolder.LeaveOut(data, spec.Checkpoints?.Path, problems));
                    break;
                case DataSourceKind.S3:
                    listed.Add(await buckets.ListAsync(mount, listed.Count, cancellation));
                    break;
                case DataSourceKind.Https:
                    listed.Add(await foreign.ListWebAsync(mount, listed.Count, cancellation));
                    break;
                case DataSourceKind.HuggingFace:
                    var found = await foreign.ListHubAsync(mount, listed.Count, scratch, cancellation);
                    if (found.Linked is { } linked)
                    {
                        listed.Add(linked);
                    }

                    if (found.Carried is { } carried)
                    {
                        local.Add(carried);
                    }

                    break;
                case DataSourceKind.Job:
                    listed.AddRange(await OutputsAsync(mount, spec, listed.Count, problems, cancellation));
                    break;
                default:
                    throw new InvalidOperationException($"data of kind {mount.Kind} was not refused");
            }
        }

        problems.AddRange(listed.SelectMany(one => one.Problems).Select(words => JobService.Error("data", words, "mend it and submit again")));
        return new(local.ToImmutable(), listed.ToImmutable(), checkout?.Commit, checkout is null ? [] : [(Path.Combine(scratch, "repository"), spec.Code!.Git!)]);
    }

    private async Task<ImmutableArray<ListedSource>> OutputsAsync(DataMount mount, JobSpec spec, int index, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        var found = await jobs.ResolveAsync(OutputSources.JobOf(mount), cancellation);
        if (found is not [var job])
        {
            problems.Add(found.IsEmpty
                ? JobService.Error("data", $"{mount.From}: there is no job \"{OutputSources.JobOf(mount)}\"", "orchestrator jobs --all lists them")
                : JobService.Error("data", $"{mount.From}: {found.Length} live jobs have this name", $"name one by its number: job://{found[^1].Value}/outputs"));
            return [];
        }

        var other = await jobs.LoadAsync(job, cancellation);
        var stored = StoredSpec.Parse(other.SpecJson);
        if (stored.Spec.Sensitive && !spec.Sensitive)
        {
            problems.Add(JobService.Error("sensitive", $"job {other.State.Name} is sensitive, and what it delivered would go where this job goes", "say sensitive: true"));
            return [];
        }

        return await outputs.ListAsync(mount, other.State, stored, index, cancellation);
    }

    private async Task<GitCheckout?> CheckOutAsync(CodeSource code, string scratch, ImmutableArray<Problem>.Builder problems, CancellationToken cancellation)
    {
        try
        {
            var checkout = await git.CheckOutAsync(code, scratch, cancellation);
            problems.AddRange(checkout.Notes.Select(words => JobService.Note("code", words, "training goes on without them")));
            return checkout;
        }
        catch (GitException refused)
        {
            problems.Add(JobService.Error("code", refused.Message, refused.WhatToDo));
        }
        catch (TokenException missing)
        {
            problems.Add(JobService.Error("code", missing.Message, "nothing was submitted"));
        }

        return null;
    }
}
