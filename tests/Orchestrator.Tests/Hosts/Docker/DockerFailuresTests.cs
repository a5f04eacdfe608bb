using System.Net;
using Docker.DotNet;
using Orchestrator.Engine.Hosts.Docker;
using Orchestrator.Providers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Hosts.Docker;

/// <summary>The words are those of real daemons and registries.</summary>
public sealed class DockerFailuresTests
{
    private const string Image = "ghcr.io/acme/trainer:1";
    private static readonly MachineAddress _box = new() { Name = "box", Host = "10.0.0.2", User = "eva" };

    [Theory]
    [InlineData("sh: 1: docker: not found", "there is no Docker on box")]
    [InlineData("sh: line 1: exec: docker: command not found", "there is no Docker on box")]
    [InlineData("permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock", "usermod -aG docker eva")]
    [InlineData("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", "systemctl start docker")]
    [InlineData("failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: no such file or directory", "systemctl start docker")]
    public void A_machine_without_a_docker_that_we_may_use_is_told_what_to_do(string words, string says) =>
        Check(DockerFailures.OfDialling(_box, words), HostFault.Machine, says);

    [Fact]
    public void Words_that_say_nothing_of_docker_are_a_cut_connection() => Assert.Null(DockerFailures.OfDialling(_box, "Connection to 10.0.0.2 closed by remote host."));

    [Theory]
    [InlineData("manifest for ghcr.io/acme/trainer:1 not found: manifest unknown: manifest unknown", HostFault.Image, "there is no image")]
    [InlineData("pull access denied for acme/trainer, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", HostFault.Denied, "registry-auth")]
    [InlineData("failed to resolve reference \"ghcr.io/acme/trainer:1\": ghcr.io/acme/trainer:1: not found", HostFault.Image, "there is no image")]
    [InlineData("Head \"https://ghcr.io/v2/acme/trainer/manifests/1\": unauthorized", HostFault.Denied, "does not let box pull")]
    [InlineData("Get \"https://registry.lab/v2/\": no basic auth credentials", HostFault.Denied, "does not let box pull")]
    [InlineData("denied", HostFault.Denied, "does not let box pull")]
    [InlineData("error from registry: denied", HostFault.Denied, "does not let box pull")]
    [InlineData("mkdir /var/lib/docker/tmp: permission denied", HostFault.Machine, "box cannot pull")]
    [InlineData("no matching manifest for linux/amd64 in the manifest list entries", HostFault.Image, "no variant for linux/amd64")]
    [InlineData("toomanyrequests: You have reached your pull rate limit", HostFault.Machine, "limits how often box may pull")]
    [InlineData("failed to register layer: write /usr/lib/x: no space left on device", HostFault.Machine, "is full")]
    [InlineData("Get \"https://ghcr.io/v2/\": dial tcp: lookup ghcr.io: no such host", HostFault.Machine, "cannot reach the registry")]
    [InlineData("Get \"https://registry.lab/v2/\": x509: certificate signed by unknown authority", HostFault.Machine, "cannot reach the registry")]
    [InlineData("Get \"https://127.0.0.1:5000/v2/\": http: server gave HTTP response to HTTPS client", HostFault.Machine, "cannot reach the registry")]
    [InlineData("something new", HostFault.Machine, "something new")]
    public void A_pull_that_fails_is_the_images_fault_or_the_machines(string words, HostFault fault, string says) =>
        Check(DockerFailures.OfPull(_box, Image, words), fault, says);

    [Theory]
    [InlineData("could not select device driver \"\" with capabilities: [[gpu]]", HostFault.Machine, "NVIDIA container toolkit")]
    [InlineData("OCI runtime create failed: nvidia-container-cli: initialization error: nvml error: driver not loaded", HostFault.Machine, "NVIDIA container toolkit")]
    [InlineData("nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.6, please update your driver to a newer version", HostFault.Machine, "driver on box is too old")]
    [InlineData("failed to create shim task: exec: \"/bin/sh\": stat /bin/sh: no such file or directory: unknown", HostFault.Image, "has no /bin/sh")]
    [InlineData("exec /bin/sh: exec format error", HostFault.Image, "another processor")]
    [InlineData("mkdir /var/lib/docker/overlay2/x: no space left on device", HostFault.Machine, "is full")]
    [InlineData("something new", HostFault.Machine, "does not start the container: something new")]
    public void A_container_that_does_not_start_is_somebodys_fault(string words, HostFault fault, string says) =>
        Check(DockerFailures.OfStart(_box, Image, words), fault, says);

    [Theory]
    [InlineData(11, "this image has musl instead of glibc (Alpine?)", HostFault.Image, "musl")]
    [InlineData(12, "glibc is 2.17 here; the agent needs 2.29 or newer", HostFault.Image, "glibc is 2.17")]
    [InlineData(14, "only 3 MB are free", HostFault.Machine, "only 3 MB")]
    [InlineData(137, "", HostFault.Machine, "exit code 137")]
    public void A_container_that_ends_before_its_agent_came_up_has_said_why(int code, string log, HostFault fault, string says) =>
        Check(DockerFailures.OfEnd(_box, Image, code, "noise\n" + log + "\n"), fault, says);

    [Theory]
    [InlineData("{\"message\":\"No such image: x\"}", "No such image: x")]
    [InlineData("<html>busy</html>", "<html>busy</html>")]
    [InlineData("", "HTTP status 500")]
    public void The_daemons_own_words_are_found(string body, string words) =>
        Assert.Equal(words, DockerFailures.Words(new DockerApiException(HttpStatusCode.InternalServerError, body)));

    [Fact]
    public void Words_of_a_machine_are_one_short_line()
    {
        var message = DockerFailures.OfPull(_box, Image, "bad\u001b[31m\n" + new string('x', 5000)).Message;

        Assert.DoesNotContain(message, char.IsControl);
        Assert.True(message.Length < 500, message);
    }

    private static void Check(Orchestrator.Engine.Hosts.HostRefusedException? refused, HostFault fault, string says)
    {
        Assert.NotNull(refused);
        Assert.Equal(fault, refused.Fault);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }
}
