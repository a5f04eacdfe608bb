using Orchestrator.Engine.Specs;
using Orchestrator.Providers;
using Orchestrator.Server.Configuration;
using Orchestrator.Spending;
using Xunit;

namespace Orchestrator.Tests.Server.Configuration;

public sealed class ServerConfigurationReaderTests
{
    [Fact]
    public void Everything_it_knows_is_read()
    {
        var configuration = Read("""
            server:
              listen: 127.0.0.2
              port: 8000
              hosts: [lab.example.org]
              database: Host=db;Database=orc
              time_zone: Europe/Paris
            machines:
              local: {cpus: 4, memory: 16GB, price: $0.25/h}
            defaults:
              max-runtime: 8h
              on-failure: {restarts: 2}
              labels: {team: "007"}
            """);

        Assert.Equal("127.0.0.2", configuration.Listen);
        Assert.Equal(8000, configuration.Port);
        Assert.Equal("lab.example.org", Assert.Single(configuration.Hosts));
        Assert.Equal("Host=db;Database=orc", configuration.Database);
        Assert.Equal("Europe/Paris", configuration.TimeZone);
        Assert.Equal(new LocalMachine { Cpus = 4, Memory = 16_000_000_000, Price = Money.FromDollars(0.25m) }, configuration.Local);
        Assert.Equal([new("max-runtime", "8h"), new("on-failure.restarts", "2"), new SpecSetting("labels.team", "\"007\"")], configuration.Defaults.AsEnumerable());
    }

    [Fact]
    public void Every_problem_is_told_in_one_run_with_its_place()
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read("server:\n  port: 70000\n  lisen: 127.0.0.1\n  time-zone: Mars\nmachines:\n  local: {memory: 16}\nnonsense: 1\n"));

        Assert.Equal(5, refused.Problems.Length);
        Assert.Contains("orchestrator.yaml:2:9: server.port must be a whole number from 0 to 65535", refused.Message, StringComparison.Ordinal);
        Assert.Contains("orchestrator.yaml:3:3: unknown key \"lisen\"; did you mean listen?", refused.Message, StringComparison.Ordinal);
        Assert.Contains("orchestrator.yaml:7:1: unknown key \"nonsense\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_is_read_with_all_it_may_say()
    {
        var configuration = Read("""
            machines:
              lab-1:
                address: 10.0.0.5
                port: 2222
                user: ubuntu
                key: /keys/lab
                host-key: SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                jump: {address: gate.example.org, user: me}
                root: ~/orc/
                price: $1.10/h
                slots: 2
                hours: 20:00..8:00
                rented: yes
                expires: 2026-12-24T18:00+01:00
                labels: [fast]
                banned: yes
            server: {time-zone: Europe/Paris}
            """);

        var machine = Assert.Single(configuration.Machines);
        Assert.Equal(
            new MachineAddress
            {
                Name = "lab-1", Host = "10.0.0.5", Port = 2222, User = "ubuntu", KeyFile = "/keys/lab", HostKey = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                Jump = new() { Name = "lab-1-jump", Host = "gate.example.org", User = "me" },
            },
            machine.Address);
        Assert.Equal(("~/orc", 2, true, false), (machine.Root, machine.Slots, machine.Banned, machine.Gone));
        Assert.Equal(Money.FromDollars(1.1m), machine.PricePerHour);
        Assert.Equal(new DateTimeOffset(2026, 12, 24, 17, 0, 0, TimeSpan.Zero), machine.Expires);
        Assert.Equal("fast", Assert.Single(machine.Labels));
        Assert.Equal(("20:00..08:00", "Europe/Paris"), (machine.Hours!.Window.ToString(), machine.Hours.Zone.Id));
    }

    [Theory]
    [InlineData("{user: me}", "machines.box needs an address and a user")]
    [InlineData("{address: 10.0.0.5}", "machines.box needs an address and a user")]
    [InlineData("{address: 10.0.0.5, user: me, prise: 1}", "unknown key \"prise\"; did you mean price?")]
    [InlineData("{address: 'a b', user: me}", "must be a host name or an IP address")]
    [InlineData("{address: a, user: me, key: id_rsa}", "must be an absolute path, or one that begins with ~/")]
    [InlineData("{address: a, user: me, root: orc}", "must be an absolute path on the machine")]
    [InlineData("{address: a, user: me, root: /}", "to a folder that is ours alone")]
    [InlineData("{address: a, user: me, host-key: abc}", "must be a fingerprint such as SHA256:")]
    [InlineData("{address: a, user: me, hours: nightly}", "must be hours of the day; for example 20:00..08:00")]
    [InlineData("{address: a, user: me, expires: Fri 22:00}", "must be a date and time; for example 2026-12-01T08:00+01:00")]
    [InlineData("{address: a, user: me, slots: 0}", "must be a whole number from 1")]
    [InlineData("{address: a, user: me, banned: perhaps}", "must be yes or no")]
    [InlineData("{address: a, user: me, rented: yes}", "machines.box is rented and needs expires, when the rental ends")]
    [InlineData("{address: a, user: me, rented: perhaps, expires: 2026-12-24T18:00+01:00}", "must be yes or no")]
    [InlineData("{address: a, user: me, jump: {address: b}}", "machines.box.jump needs an address and a user")]
    public void A_machine_that_cannot_be_meant_is_refused(string machine, string words)
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read($"machines:\n  box: {machine}\n"));

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{address: lab, user: me}", "{address: LAB, user: me, price: 1}", true)]
    [InlineData("{address: lab, user: me, root: /srv/o}", "{address: lab, user: you, root: /srv/o/}", true)]
    [InlineData("{address: lab, user: me, jump: {address: gate, user: me}}", "{address: lab, user: me, jump: {address: gate, user: you}}", true)]
    [InlineData("{address: lab, user: me}", "{address: lab, user: you}", false)]
    [InlineData("{address: lab, user: me}", "{address: lab, user: me, root: ~/two}", false)]
    [InlineData("{address: lab, user: me}", "{address: lab, user: me, port: 2222}", false)]
    [InlineData("{address: lab, user: me}", "{address: lab, user: me, jump: {address: gate, user: me}}", false)]
    [InlineData("{address: lab, user: me, gone: yes}", "{address: lab, user: me}", false)]
    public void One_folder_of_one_machine_has_one_name(string first, string second, bool isRefused)
    {
        var read = Record.Exception(() => Read($"machines:\n  a: {first}\n  b: {second}\n"));

        Assert.Equal(isRefused, read is ConfigurationException);
        Assert.Equal(isRefused, read?.Message.Contains("machines.b is the same machine and folder as machines.a; keep one of the two names", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void A_machines_name_is_a_name()
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read("machines:\n  'My Box': {address: a, user: me}\n"));

        Assert.Contains("\"My Box\" in machines is no name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_of_later_issues_are_noted_and_stop_nothing()
    {
        var configuration = Read("limits: {per-owner: {ada: {max-hourly: $1}}}\n");

        Assert.Contains("not available yet", Assert.Single(configuration.Notes).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_are_read()
    {
        Assert.Equal(
            new ServerLimits { MaxHourly = Money.FromDollars(4), MaxWeekly = Money.FromDollars(50.5m), MaxInstances = 3 },
            Read("limits: {max-hourly: $4/h, max-weekly: $50.50/week, max-instances: 3}\n").Limits);
        Assert.False(Read("limits:\n").Limits.Any);
    }

    [Theory]
    [InlineData("{max-hourly: lots}", "limits.max-hourly must be dollars per hour")]
    [InlineData("{max-weekly: $50/h}", "limits.max-weekly must be dollars per week; for example $50/week")]
    [InlineData("{max-instances: 2.5}", "limits.max-instances must be a whole number from 0")]
    [InlineData("{max-hour: 1}", "unknown key \"max-hour\"; did you mean max-hourly?")]
    public void Limits_that_cannot_be_meant_are_refused(string limits, string words) =>
        Assert.Contains(words, Assert.Throws<ConfigurationException>(() => Read($"limits: {limits}\n")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("server:\n")]
    public void What_says_nothing_is_the_default(string yaml)
    {
        Assert.Null(Read(yaml).Port);
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x\n")]
    [InlineData("server: {port: 1}\nserver: {port: 2}\n")]
    [InlineData("- a\n- b\n")]
    [InlineData("server: [1]\n")]
    [InlineData("server: {port: 1\n")]
    [InlineData("\tserver: 1\n")]
    public void What_is_no_configuration_is_refused_with_a_place(string yaml)
    {
        var refused = Assert.Throws<ConfigurationException>(() => Read(yaml));

        Assert.StartsWith("orchestrator.yaml:", refused.Message, StringComparison.Ordinal);
    }

    private static ServerConfiguration Read(string yaml) => ServerConfigurationReader.Read(yaml, "orchestrator.yaml");
}
