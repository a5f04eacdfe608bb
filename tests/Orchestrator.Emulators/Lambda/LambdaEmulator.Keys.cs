using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Lambda;

/// <summary>The account's SSH keys.</summary>
public sealed partial class LambdaEmulator
{
    private static JsonObject KeyRow((string Id, string Name, string Key) key) => new() { ["id"] = key.Id, ["name"] = key.Name, ["public_key"] = key.Key };

    private EmulatedAnswer AddKey(JsonObject? body)
    {
        var (name, key) = (body?["name"]?.ToString() ?? "", body?["public_key"]?.ToString());
        if (name.Length is < 1 or > 64 || key?.Length == 0)
        {
            return Error(400, "global/invalid-parameters", "Invalid request data.");
        }

        if (_keys.Exists(one => one.Name == name))
        {
            return Error(400, Switches.DuplicateCode, "The name is already used.");
        }

        if (key is not null)
        {
            _keys.Add((NextId(), name, key));
            return Data(KeyRow(_keys[^1]));
        }

        // A pair is made; its private half is told this once.
        using var pair = RSA.Create(2048);
        _keys.Add((NextId(), name, PublicLine(pair)));
        var row = KeyRow(_keys[^1]);
        row["private_key"] = pair.ExportRSAPrivateKeyPem();
        return Data(row);
    }

    /// <summary>As in an authorized_keys file (RFC 4253, 6.6).</summary>
    private static string PublicLine(RSA pair)
    {
        var numbers = pair.ExportParameters(includePrivateParameters: false);
        return $"ssh-rsa {Convert.ToBase64String([.. Text("ssh-rsa"u8), .. Whole(numbers.Exponent!), .. Whole(numbers.Modulus!)])}";

        // Without the zero it would count as negative.
        static byte[] Whole(byte[] number) => Text(number[0] >= 0x80 ? [0, .. number] : number);

        static byte[] Text(ReadOnlySpan<byte> bytes)
        {
            var text = new byte[4 + bytes.Length];
            BinaryPrimitives.WriteInt32BigEndian(text, bytes.Length);
            bytes.CopyTo(text.AsSpan(4));
            return text;
        }
    }
}
