using System.Net.Sockets;
using Orchestrator.Providers;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>What a failed connection means, in words a person can act on.</summary>
internal static class SshFailures
{
    public static ProviderException OfConnecting(MachineAddress machine, Exception failure, string? keyRefusal)
    {
        var place = FormattableString.Invariant($"{machine.Host}:{machine.Port}");
        if (keyRefusal is not null)
        {
            return new(ProviderErrorKind.Rejected, keyRefusal, failure);
        }

        return failure switch
        {
            ProviderException known => known,
            SshAuthenticationException => new(ProviderErrorKind.Unauthorized, $"machine {machine.Name}: {machine.User}@{place} does not accept {SshKeys.Describe(machine)}; add its public part to ~/.ssh/authorized_keys of {machine.User} there", failure),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Away(machine, $"{place} refuses the connection; is sshd running there, and is the port right?", failure),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => Away(machine, $"the host name {machine.Host} is unknown; check \"address\"", failure),
            SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => Away(machine, $"there is no way to {place} ({failure.Message}); is the network, or a VPN, up?", failure),
            SocketException other => Away(machine, $"cannot connect to {place}: {other.Message}", other),
            SshOperationTimeoutException or TimeoutException or OperationCanceledException => Away(machine, $"{place} does not answer (timed out); is the machine on, and does a firewall let us through?", failure),
            SshConnectionException { DisconnectReason: DisconnectReason.ProtocolError } odd => Away(machine, $"{place} does not speak SSH as we do: {odd.Message}", odd),
            _ => Away(machine, $"no SSH connection to {place}: {failure.Message}", failure),
        };
    }

    /// <summary>A connection that was there.</summary>
    public static ProviderException OfRunning(MachineAddress machine, Exception failure) =>
        failure as ProviderException ?? Away(machine, failure is OperationCanceledException or TimeoutException ? "the connection was cut: it stopped answering" : $"the connection was cut: {failure.Message}", failure);

    public static ProviderException Away(MachineAddress machine, string why, Exception? inner = null) =>
        new(ProviderErrorKind.Transient, $"machine {machine.Name}: {why}", inner);
}
