using Orchestrator.Engine.Artifacts;
using Orchestrator.Providers.SshHost;
using Orchestrator.Server.Desk;
using Orchestrator.Tests.Artifacts;
using Xunit;

namespace Orchestrator.Tests.Server.Views;

/// <summary>What <c>doctor</c> says when clocks differ.</summary>
public sealed class ClockChecksTests : IDisposable
{
    private readonly TemporaryStore _store = new();

    [Fact]
    public void A_machine_whose_clock_is_hours_off_is_named_with_what_to_do()
    {
        var machine = new SshMachine { Address = new() { Name = "lab-1", Host = "10.0.0.5", User = "ada" }, PricePerHour = new Money(1_100_000) };
        var inventory = new MachineInventory { Root = "/home/ada/.orchestrator", Cpus = 16, MemoryBytes = 64_000_000_000, ClockAhead = TimeSpan.FromMinutes(-185) };

        var check = SshMachineChecks.Describe(new(machine, inventory, TimeSpan.Zero, 1, 2, null), null, DateTimeOffset.UnixEpoch);

        Assert.Equal("warning", check.Level);
        Assert.EndsWith("its clock is off by 3h05m", check.Text, StringComparison.Ordinal);
        Assert.Equal("set its clock (NTP)", check.WhatToDo);
    }

    [Theory]
    [InlineData(1, "ok", "")]
    [InlineData(60, "ok", "its clock is 1m00s ahead of this machine's")]
    [InlineData(-7200, "warning", "its clock is 2h00m behind this machine's")]
    public void A_store_whose_clock_is_another_is_said_and_from_minutes_on_what_to_do(int seconds, string level, string words)
    {
        var found = new StoreProbeResult { Traits = new(true, true), ClockAhead = TimeSpan.FromSeconds(seconds) };

        var check = StoreChecks.Describe(new("lab", _store.Store, "", "a bucket"), isDefault: true, found);

        Assert.Equal(level, check.Level);
        Assert.Contains(words, check.Text, StringComparison.Ordinal);
        Assert.Equal(words.Length > 0, check.Text.Contains("its clock", StringComparison.Ordinal));
        Assert.Equal(level == "warning", check.WhatToDo?.Contains("timedatectl", StringComparison.Ordinal) == true);
    }

    public void Dispose() => _store.Dispose();
}
