using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Orchestrator.Engine.Http;

namespace Orchestrator.Engine.Messages.Channels;

/// <summary>A message by e-mail.</summary>
internal static class Mail
{
    private const int TlsFromTheStart = 465;

    /// <exception cref="ChannelException">The server did not take it.</exception>
    public static async Task SendAsync(ChannelWay.Email way, Message message, string? password, CancellationToken cancellation)
    {
        using var mail = Compose(way, message);
        using var client = new SmtpClient();
        try
        {
            // A server on this machine may have no certificate; with every other one nothing is spoken in the clear, least of all a password.
            var security = way.Port == TlsFromTheStart ? SecureSocketOptions.SslOnConnect
                : WebHandlers.IsThisMachine(way.Host) ? SecureSocketOptions.StartTlsWhenAvailable
                : SecureSocketOptions.StartTls;
            await client.ConnectAsync(way.Host, way.Port, security, cancellation);
            if (way.User is { } user && password is not null)
            {
                await client.AuthenticateAsync(user, password, cancellation);
            }

            await client.SendAsync(mail, cancellation);
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception refused) when (refused is ProtocolException or CommandException or AuthenticationException or SslHandshakeException or SocketException or IOException or NotSupportedException or InvalidOperationException)
        {
            throw new ChannelException($"{way.Host}: {MessageWords.Line(refused.Message)}", refused);
        }
    }

    private static MimeMessage Compose(ChannelWay.Email way, Message message)
    {
        var mail = new MimeMessage { Subject = message.Title, Date = message.At, Body = new TextPart("plain") { Text = WebRequests.Plain(message) + "\n" } };
        mail.From.Add(MailboxAddress.Parse(way.From));
        mail.To.AddRange(way.To.Select(MailboxAddress.Parse));
        // Sent twice, it is one mail for whoever looks at its number.
        mail.MessageId = FormattableString.Invariant($"{message.Id}.{message.At.ToUnixTimeSeconds()}@orchestrator.invalid");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }
}
