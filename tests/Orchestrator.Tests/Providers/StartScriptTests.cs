using System.Diagnostics;
using Orchestrator.Providers.Renting;
using Orchestrator.Tests.Providers.Vast;
using Xunit;

namespace Orchestrator.Tests.Providers;

public sealed class StartScriptTests
{
    private static readonly DerivedKey _key = new TestKeys().HostKeyOf("orc-e1-7-1");

    [Fact]
    public void A_host_key_follows_from_secret_and_label_and_is_printed_without_its_private_half()
    {
        var keys = new TestKeys();

        Assert.Equal(_key.PrivateKey, keys.HostKeyOf("orc-e1-7-1").PrivateKey);
        Assert.NotEqual(_key.Fingerprint, keys.HostKeyOf("orc-e1-7-2").Fingerprint);
        Assert.NotEqual(_key.Fingerprint, DerivedKey.Of([1, 2, 3], "orc-e1-7-1").Fingerprint);
        Assert.Equal(_key.Fingerprint, $"{_key}");
        Assert.Matches("^SHA256:[A-Za-z0-9+/]{43}$", _key.Fingerprint);
    }

    [Fact]
    public void The_script_is_one_for_sh_and_leaves_room_for_keys()
    {
        var arguments = StartScript.Arguments(_key, new TestKeys().LoginKey, 10022, new Uri("https://console.example/instances/ID/"));

        Assert.Equal(("-c", "orchestrator", "10022"), (arguments[0], arguments[2], arguments[^3]));
        Assert.InRange(arguments.Sum(argument => argument.Length), 1, StartScript.MostCharacters - 600);
        Assert.Equal("", Shell("-n", "-c", arguments[1]));
    }

    private static string Shell(params string[] arguments)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", arguments) { RedirectStandardError = true })!;
        var problems = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return problems;
    }
}
