namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>Debian 12's own Ceph 16: it refuses uploads with checksum trailers, and takes conditions on some calls without heeding them.</summary>
public sealed class AwkwardCephServer() : CephServer(Variable)
{
    public new const string Variable = "ORCHESTRATOR_CEPH16";
    public new const string Why = "needs an old S3 server: scripts/lib/ceph-fetch.sh FOLDER 16, then ORCHESTRATOR_CEPH16=FOLDER (scripts/test does both)";
}
