using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Orchestrator.Providers;
using Renci.SshNet;
using Renci.SshNet.Security;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>
/// The person's ssh-agent: it lists public keys and signs with the private ones, which never leave it. (Protocol: draft-miller-ssh-agent;
/// messages are a length, a type byte, and strings with a length each.)
/// </summary>
internal static class SshAgentClient
{
    private const string Variable = "SSH_AUTH_SOCK";
    private const int MaxMessage = 256 * 1024;
    private const byte ListKeys = 11;
    private const byte KeyList = 12;
    private const byte SignRequest = 13;
    private const byte SignResponse = 14;

    /// <exception cref="ProviderException">No agent, or one without keys.</exception>
    public static IPrivateKeySource[] Keys(string machine)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } socket)
        {
            throw new ProviderException(ProviderErrorKind.Unauthorized, $"machine {machine}: no key file is named, and the server has no ssh-agent ({Variable} is not set); name one with \"key\"");
        }

        try
        {
            var reader = new Fields(Ask(socket, ListKeys, []));
            reader.Expect(KeyList);
            var keys = new List<IPrivateKeySource>();
            for (var left = reader.Number(); left > 0; left--)
            {
                var blob = reader.Bytes().ToArray();
                reader.Bytes();
                keys.Add(new AgentKey(socket, blob));
            }

            return keys.Count > 0
                ? [.. keys]
                : throw new ProviderException(ProviderErrorKind.Unauthorized, $"machine {machine}: the ssh-agent holds no key; add one (ssh-add), or name a file with \"key\"");
        }
        catch (Exception broken) when (broken is SocketException or IOException)
        {
            throw new ProviderException(ProviderErrorKind.Unauthorized, $"machine {machine}: the ssh-agent at {socket} does not answer: {broken.Message}; name a file with \"key\"", broken);
        }
    }

    private static byte[] Sign(string socket, byte[] key, byte[] data, uint flags)
    {
        var reader = new Fields(Ask(socket, SignRequest, [.. Text(key), .. Text(data), .. Number(flags)]));
        reader.Expect(SignResponse);
        return reader.Bytes().ToArray();
    }

    private static byte[] Ask(string socket, byte type, byte[] body)
    {
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 10_000, SendTimeout = 10_000 };
        connection.Connect(new UnixDomainSocketEndPoint(socket));
        using var stream = new NetworkStream(connection);
        stream.Write([.. Number((uint)body.Length + 1), type, .. body]);
        var head = new byte[4];
        stream.ReadExactly(head);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (length is 0 or > MaxMessage)
        {
            throw new IOException($"an answer of {length} bytes");
        }

        var answer = new byte[length];
        stream.ReadExactly(answer);
        return answer;
    }

    private static byte[] Text(byte[] bytes) => [.. Number((uint)bytes.Length), .. bytes];

    private static byte[] Number(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private sealed class Fields(byte[] message)
    {
        private int _at;

        public void Expect(byte type)
        {
            if (message[_at++] != type)
            {
                throw new IOException("it refuses");
            }
        }

        public uint Number()
        {
            if (message.Length - _at < 4)
            {
                throw new IOException("its answer is too short");
            }

            _at += 4;
            return BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(_at - 4));
        }

        public ReadOnlySpan<byte> Bytes()
        {
            var length = Number();
            if (length > message.Length - _at)
            {
                throw new IOException("its answer is too short");
            }

            _at += (int)length;
            return message.AsSpan(_at - (int)length, (int)length);
        }
    }

    private sealed class AgentKey(string socket, byte[] blob) : IPrivateKeySource
    {
        private const string Rsa = "ssh-rsa";

        public IReadOnlyCollection<HostAlgorithm> HostKeyAlgorithms { get; } = TypeOf(blob) is var type && type == Rsa
            ? [new AgentAlgorithm("rsa-sha2-512", socket, blob, 4), new AgentAlgorithm("rsa-sha2-256", socket, blob, 2)]
            : [new AgentAlgorithm(type, socket, blob, 0)];

        private static string TypeOf(byte[] blob) => Encoding.ASCII.GetString(new Fields(blob).Bytes());
    }

    private sealed class AgentAlgorithm(string name, string socket, byte[] blob, uint flags) : HostAlgorithm(name)
    {
        public override byte[] Data => blob;

        public override byte[] Sign(byte[] data) => SshAgentClient.Sign(socket, blob, data, flags);

        public override bool VerifySignature(byte[] data, byte[] signature) => throw new NotSupportedException("an agent's key only signs");
    }
}
