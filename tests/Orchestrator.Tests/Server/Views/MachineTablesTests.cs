using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Desk;
using Orchestrator.Server.Views;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

public sealed class MachineTablesTests
{
    private static readonly Paint Plain = new(false);
    private static readonly SshMachine Lab = new() { Address = new() { Name = "lab-1", Host = "10.0.0.5", User = "ada" }, PricePerHour = new Money(1_100_000) };
    private static readonly MachineInventory Inventory = new() { Root = "/home/ada/.orchestrator", Cpus = 16, MemoryBytes = 64_000_000_000, Gpus = ["NVIDIA L4", "NVIDIA L4"] };
    private static readonly MachineView Ready = new(Lab, Inventory, TimeSpan.Zero, 1, 2, null);
    private static readonly MachineBan Ban = new() { Machine = "lab-1", Reason = "its fan is loud" };

    [Fact]
    public void A_machine_is_shown_with_slots_price_and_state()
    {
        Assert.Matches("lab-1 +ada@10.0.0.5:22 +2 x NVIDIA L4, 16 CPUs +- +1/2 +1.100 +ready$", Line(Ready, null));
        Assert.Matches("16 CPUs +640/\\? +1/2 +1.100 +ready$", Line(Ready with { Line = new() { Host = "ssh/lab-1", DownMbps = 640.2 } }, null));
        Assert.EndsWith("banned: its fan is loud", Line(Ready, Ban), StringComparison.Ordinal);
        Assert.EndsWith("banned: in orchestrator.yaml", Line(Ready with { Machine = Lab with { Banned = true } }, null), StringComparison.Ordinal);
        Assert.EndsWith("trouble: no route to it", Line(Ready with { Trouble = "no route to it" }, null), StringComparison.Ordinal);
        Assert.EndsWith("expired", Line(Ready with { Machine = Lab with { Expires = DateTimeOffset.UnixEpoch } }, null), StringComparison.Ordinal);
        Assert.Matches("- +- +- +1.100 +unknown$", Line(new(Lab, null, null, 0, 0, null), null));
        Assert.Contains("orchestrator machine add", Assert.Single(MachineTables.List([], 120, Plain)), StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_says_what_the_line_reached_or_that_nobody_knows()
    {
        Assert.Contains("line not measured yet", SshMachineChecks.Describe(Ready, null, DateTimeOffset.UnixEpoch).Text, StringComparison.Ordinal);
        var measured = Ready with { Line = new() { Host = "ssh/lab-1", DownMbps = 640.2, UpMbps = 4.31 } };
        Assert.Contains("line reached 640 Mbps down, 4.3 up", SshMachineChecks.Describe(measured, null, DateTimeOffset.UnixEpoch).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_says_how_a_ban_is_taken_back()
    {
        var check = SshMachineChecks.Describe(Ready, Ban, DateTimeOffset.UnixEpoch);

        Assert.Equal("warning", SshMachineChecks.Describe(Ready with { Inventory = Inventory with { Gpus = [] } }, Ban, DateTimeOffset.UnixEpoch).Level);
        Assert.Contains("banned: its fan is loud", check.Text, StringComparison.Ordinal);
        Assert.Equal("orchestrator machine unban lab-1", check.WhatToDo);
    }

    [Fact]
    public void Doctor_warns_of_a_key_file_that_others_may_read()
    {
        using var folder = new TemporaryFolder();
        var key = folder.File("key");
        File.WriteAllText(key, "");
        var view = Ready with { Machine = Lab with { Address = Lab.Address with { Jump = Lab.Address with { KeyFile = key } } }, Inventory = Inventory with { Gpus = [] } };

        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Equal(("warning", $"chmod 600 {key}"), (SshMachineChecks.Describe(view, null, DateTimeOffset.UnixEpoch).Level, SshMachineChecks.Describe(view, null, DateTimeOffset.UnixEpoch).WhatToDo));

        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal("ok", SshMachineChecks.Describe(view, null, DateTimeOffset.UnixEpoch).Level);
    }

    private static string Line(MachineView view, MachineBan? ban) => MachineTables.List([MachineStates.Of(view, ban, DateTimeOffset.UnixEpoch)], 160, Plain).Last();
}
