namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>How the docker command is called from a shell on a machine.</summary>
internal static class DockerCommand
{
    /// <summary>
    /// Sets <c>by</c>: sudo where the user may not use the daemon's socket and sudo asks for no password, else nothing, and Docker itself
    /// says what is wrong. No single quotes in it: it may stand between them.
    /// </summary>
    internal const string By =
        "s=/var/run/docker.sock by=; case ${DOCKER_HOST-} in unix://*) s=${DOCKER_HOST#unix://};; ?*) s=;; esac; "
        + "if [ -S \"$s\" ] && [ ! -w \"$s\" ] && sudo -n docker --version >/dev/null 2>&1; then by=\"sudo -n\"; fi; ";
}
