using System.Collections.Immutable;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class HostKeyTests
{
    private static readonly StoredSpec _stored = new() { Spec = new JobSpec { Name = "sweep", Image = "lab/train:1", Batch = new BatchSpec { Name = "sweep", ReuseHosts = true } } };

    [Fact]
    public void What_is_run_makes_no_difference_but_whose_it_is_and_what_it_needs_do()
    {
        var key = HostKey.Of(_stored, "ada");
        Assert.NotNull(key);

        Assert.Equal(key, HostKey.Of(With(spec => spec with { Name = "sweep-2", Run = "python other.py", Env = ImmutableSortedDictionary<string, string>.Empty.Add("LR", "1") }), "ada"));
        Assert.NotEqual(key, HostKey.Of(_stored, "bob"));
        Assert.NotEqual(key, HostKey.Of(With(spec => spec with { Image = "lab/train:2" }), "ada"));
        Assert.NotEqual(key, HostKey.Of(With(spec => spec with { Secrets = spec.Secrets.Add("TOKEN", "hf") }), "ada"));
        Assert.Null(HostKey.Of(With(spec => spec with { Sensitive = true }), "ada"));
        Assert.Null(HostKey.Of(With(spec => spec with { Batch = null }), "ada"));
    }

    [Fact]
    public void A_host_that_holds_the_data_needs_no_room_for_it()
    {
        var stored = _stored with
        {
            Sources =
            [
                new StageSource { To = "/a", Files = [new StageFile("kept", "k1", 40, "hash", 0)] },
                new StageSource { To = "/b", Files = [new StageFile("fetched", "k2", 7, "", 0)] },
            ],
        };

        Assert.Equal(7, HostKey.FetchBytes(stored));
        Assert.Equal([10, 0], [HostKey.DiskBytes(stored, 60), HostKey.DiskBytes(stored, 20)]);
    }

    private static StoredSpec With(Func<JobSpec, JobSpec> change) => _stored with { Spec = change(_stored.Spec) };
}
