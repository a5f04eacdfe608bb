using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Providers;

/// <summary>What a machine prints is not trusted.</summary>
public sealed class MachineAnswersTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private static readonly MachineInventory _twoGpus = new() { Root = "/r", Cpus = 32, MemoryBytes = 128L << 30, Gpus = ["NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090"] };

    private static readonly SshMachine _machine = new() { Address = new() { Name = "box", Host = "box", User = "me" }, PricePerHour = Money.FromDollars(2) };

    [Fact]
    public void A_book_is_read()
    {
        var book = MachineAnswers.Book("box", Answer("instance\ti-0123456789ab\torc-e1-7-1\trunning\tpid 5\nid\t0b8a6a5e-8f0e-4f0c-9a57-5f8f2b3e9d11\nslot\t1\ti-0123456789ab\nend\t1\n"));

        Assert.Equal(new ListedInstance { InstanceId = "box.i-0123456789ab", Host = "ssh/box", Label = "orc-e1-7-1", Status = InstanceStatus.Running, Words = "pid 5" }, Assert.Single(book.Instances));
        Assert.Equal(1, Assert.Single(book.UsedSlots));
        Assert.Equal("0b8a6a5e-8f0e-4f0c-9a57-5f8f2b3e9d11", book.FolderId);
    }

    [Theory]
    [InlineData("instance\ti-0123456789ab\torc-e1-7-1\trunning\tpid 5\n")]
    [InlineData("")]
    [InlineData("end\t1\nmore")]
    public void An_answer_without_its_end_is_no_list(string text)
    {
        var refused = Assert.Throws<ProviderException>(() => MachineAnswers.Book("box", Answer(text)));

        Assert.Equal(ProviderErrorKind.Transient, refused.Kind);
    }

    [Theory]
    [InlineData("instance\t../etc\torc-e1-7-1\trunning\tx")]
    [InlineData("instance\ti-0123456789ab\torc e1\trunning\tx")]
    [InlineData("instance\ti-0123456789ab")]
    [InlineData("slot\t-1\tx")]
    [InlineData("id\tmine")]
    [InlineData("slot\t99999999999\tx")]
    public void Lines_we_never_print_are_left_out(string line)
    {
        var book = MachineAnswers.Book("box", Answer(line + "\nend\t1\n"));

        Assert.Empty(book.Instances);
        Assert.Empty(book.UsedSlots);
        Assert.Null(book.FolderId);
    }

    [Fact]
    public void An_inventory_is_read_and_what_is_impossible_bounded()
    {
        var has = MachineAnswers.Inventory(
            "box", Answer("root\t/home/me/.orchestrator\nsystem\tLinux x86_64\nglibc\t2.36\ncpus\t8\nmemory\t16777216\ndisk\t99999999999999999\nclock\t1800000060\ngpu\tNVIDIA H100\ndriver\t550\ncuda\t12.4\ndocker\t27.1\ndocker-disk\t1048576\nnvidia-runtime\tyes\nend\t1\n"), _now);

        Assert.Equal(("/home/me/.orchestrator", 8, 16L << 30, "550", "27.1", true), (has.Root, has.Cpus, has.MemoryBytes, has.Driver, has.Docker, has.NvidiaRuntime));
        Assert.Equal("12.4", has.Cuda.ToString());
        Assert.Equal((1L << 56, 1L << 30, 1L << 30), (has.DiskFreeBytes, has.DockerFreeBytes, has.RoomBytes));
        Assert.Equal(TimeSpan.FromMinutes(1), has.ClockAhead);
    }

    [Fact]
    public void What_keeps_new_work_off_a_machine_does_not_hide_where_our_folder_is()
    {
        var has = MachineAnswers.Inventory("box", Answer("root\t/r\ncpus\t8\ntrouble\tnvidia-smi fails: Driver/library version mismatch\nend\t1\n"), _now);

        Assert.Equal(("/r", "machine box: nvidia-smi fails: Driver/library version mismatch"), (has.Root, has.Trouble));
    }

    [Fact]
    public void A_machine_that_cannot_be_used_says_why()
    {
        var refused = Assert.Throws<ProviderException>(() => MachineAnswers.Inventory("box", Answer("refused\tcannot write to /x; name another folder\nend\t1\n"), _now));

        Assert.Equal((ProviderErrorKind.Rejected, "machine box: cannot write to /x; name another folder"), (refused.Kind, refused.Message));
    }

    [Theory]
    [InlineData("docker\t27.1\nnvidia-runtime\tyes\ngpu\tNVIDIA H100\n", null)]
    [InlineData("docker\t27.1\n", null)]
    [InlineData("docker\t27.1\ngpu\tNVIDIA H100\n", "Docker lacks the NVIDIA runtime")]
    [InlineData("docker-trouble\tpermission denied\n", "Docker cannot be used: permission denied")]
    [InlineData("", "no Docker")]
    public void A_machine_that_can_make_no_container_says_why(string lines, string? why)
    {
        var has = MachineAnswers.Inventory("box", Answer("root\t/r\ncpus\t8\n" + lines + "end\t1\n"), _now);

        var offer = new MachineSlots(_machine, has).Offers(1, null).First();

        Assert.Equal((why is null, why), (offer.RunsImages, offer.NoImages));
    }

    [Theory]
    [InlineData(9L, null, 9L)]
    [InlineData(9L, 5L, 5L)]
    [InlineData(5L, 9L, 5L)]
    [InlineData(null, 9L, null)]
    public void An_offers_disk_is_what_both_docker_and_our_folder_have(long? folder, long? docker, long? offered) =>
        Assert.Equal(offered, new MachineSlots(_machine, _twoGpus with { DiskFreeBytes = folder, DockerFreeBytes = docker }).Offers(1, null).First().DiskBytes);

    [Fact]
    public void What_became_of_images_is_told_in_words()
    {
        var lines = MachineAnswers.Images("box", Answer("removed\tghcr.io/acme/trainer@sha256:1\nkept\tother:1\tin use by \u001b[31m somebody\nnonsense\nend\t1\n"));

        Assert.Equal<string>(["removed ghcr.io/acme/trainer@sha256:1, which we pulled and no job has wanted lately", "cannot remove other:1: in use by  [31m somebody"], lines);
        Assert.Throws<ProviderException>(() => MachineAnswers.Images("box", Answer("removed\tx\n")));
    }

    [Fact]
    public void A_machine_is_shared_by_gpus_and_an_instance_pays_its_share()
    {
        var offers = new MachineSlots(_machine, _twoGpus).Offers(2, null).ToList();

        Assert.Equal(["box:1", "box:2"], offers.Select(offer => offer.Id));
        Assert.Equal((1, 16, 64L << 30, "RTX 4090", Money.FromDollars(1)), (offers[0].GpuCount, offers[0].Cpus, offers[0].MemoryBytes, offers[0].Gpu, offers[0].PricePerHour));
        Assert.Equal((2, 32, Money.FromDollars(2)), (offers[1].GpuCount, offers[1].Cpus, offers[1].PricePerHour));
    }

    [Theory]
    [InlineData(2, null, 2, 1)]
    [InlineData(2, 1, 1, 2)]
    [InlineData(2, 8, 2, 1)]
    [InlineData(0, null, 32, 0)]
    [InlineData(0, 4, 4, 0)]
    public void No_two_slots_share_a_gpu(int gpus, int? slots, int count, int gpusPerSlot)
    {
        var parts = new MachineSlots(_machine with { Slots = slots }, _twoGpus with { Gpus = gpus == 0 ? [] : _twoGpus.Gpus });

        Assert.Equal((count, gpusPerSlot), (parts.Count, parts.GpusPerSlot));
        Assert.Equal(count, parts.Wanted($"box:{count}"));
        Assert.Null(parts.Wanted($"box:{count + 1}"));
        Assert.Null(parts.Wanted("other:1"));
    }

    private static ShellResult Answer(string text) => new(0, text, "");
}
