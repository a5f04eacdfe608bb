namespace Orchestrator.IntegrationTests.Artifacts.S3;

/// <summary>The smallest cluster that serves S3: one of each daemon, one copy of each object, everything in memory.</summary>
internal static class CephConfiguration
{
    /// <param name="data">Folder of everything; the certificate of the second port lies there.</param>
    /// <param name="libraries">Where its plugins are.</param>
    /// <param name="cluster">Its id.</param>
    /// <param name="monitor">Port of the monitor.</param>
    /// <param name="port">Of the gateway, plain.</param>
    /// <param name="tlsPort">Of the gateway with TLS.</param>
    internal static string Text(string data, string libraries, string cluster, int monitor, int port, int tlsPort) => $"""
        [global]
        fsid = {cluster}
        mon host = [v2:127.0.0.1:{monitor}]
        public network = 127.0.0.0/8
        keyring = {data}/keyring
        run dir = {data}
        admin socket =
        pid file = {data}/$name.pid
        log file = {data}/log/$name.log
        crash dir = {data}/log
        plugin dir = {libraries}/ceph
        erasure code dir = {libraries}/ceph/erasure-code
        osd class dir = {libraries}/rados-classes
        ms bind ipv6 = false
        ms bind msgr1 = false
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 4
        osd pool default pgp num = 4
        osd pool default pg autoscale mode = off
        osd crush chooseleaf type = 0
        mon allow pool size one = true
        mon warn on pool no redundancy = false
        mon max pg per osd = 2000
        paxos propose interval = 0.02
        paxos min wait = 0.01
        [mon.a]
        mon data = {data}/mon
        mon cluster log file = {data}/log/cluster.log
        [osd.0]
        keyring = {data}/osd/keyring
        osd data = {data}/osd
        osd objectstore = memstore
        memstore device bytes = 8589934592
        [client.rgw]
        rgw frontends = beast endpoint=127.0.0.1:{port} ssl_endpoint=127.0.0.1:{tlsPort} ssl_certificate={data}/server.pem ssl_private_key={data}/server.key
        rgw data = {data}
        rgw s3 auth use sts = false
        rgw lc debug interval = -1

        """;
}
