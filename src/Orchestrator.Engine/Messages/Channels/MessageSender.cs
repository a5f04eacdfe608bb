using System.ComponentModel;
using System.Globalization;
using System.Security.Authentication;
using System.Text;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Processes;
using Orchestrator.Engine.Security;

namespace Orchestrator.Engine.Messages.Channels;

/// <summary>Sends one message through one channel, once.</summary>
public sealed class MessageSender(TokenReader tokens, TimeProvider time) : IDisposable
{
    /// <summary>Of one try: a channel that hangs must not keep its next message for long.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>What is read of an answer: an error says what it has to say in a line.</summary>
    private const int AnswerBytes = 2000;

    private readonly HttpMessageInvoker _web = WebHandlers.Create();
    private readonly HttpMessageInvoker _here = WebHandlers.Create(direct: true);

    /// <exception cref="ChannelException">It did not get through, or nobody knows whether it did.</exception>
    public async Task SendAsync(ChannelEntry entry, Message message, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentNullException.ThrowIfNull(message);
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            switch (entry.Way)
            {
                case ChannelWay.Email mail:
                    await Mail.SendAsync(mail, message, mail.Password is null ? null : await tokens.ReadAsync(mail.Password, $"channels.{entry.Name}.password", both.Token), both.Token);
                    break;
                case ChannelWay.Command command:
                    await RunAsync(command, message, both.Token);
                    break;
                default:
                    using (var request = await WebRequests.OfAsync(entry, message, (source, setting) => tokens.ReadAsync(source, setting, both.Token), time.GetUtcNow()))
                    {
                        await PostAsync(request ?? throw new InvalidOperationException($"{entry.Way.Kind} is no way of sending"), both.Token);
                    }

                    break;
            }
        }
        catch (TokenException missing)
        {
            throw new ChannelException(missing.Message, missing);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ChannelException(string.Create(CultureInfo.InvariantCulture, $"it took longer than {Limit.TotalSeconds:0} s"));
        }
    }

    public void Dispose()
    {
        _web.Dispose();
        _here.Dispose();
    }

    private async Task PostAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        // The host alone: what follows it may be a secret.
        var host = request.RequestUri!.Host;
        try
        {
            using var answer = await (WebHandlers.IsThisMachine(host) ? _here : _web).SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                var words = await WordsAsync(answer, cancellation);
                throw new ChannelException(string.Create(CultureInfo.InvariantCulture, $"{host} answers {(int)answer.StatusCode}: {words}"));
            }
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or AuthenticationException)
        {
            throw new ChannelException($"{host} cannot be reached: {trouble.Message}", trouble);
        }
    }

    private static async Task<string> WordsAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[AnswerBytes];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        var words = MessageWords.Line(Encoding.UTF8.GetString(buffer, 0, length));
        return words.Length == 0 ? answer.ReasonPhrase ?? "nothing" : words;
    }

    private static async Task RunAsync(ChannelWay.Command command, Message message, CancellationToken cancellation)
    {
        try
        {
            Dictionary<string, string> variables = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin", ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "/" };
            var ended = await ShortCommand.RunAsync(command.Line, variables, Limit, cancellation, WebRequests.AsJson(message).ToJsonString() + "\n");
            if (ended.ExitCode != 0)
            {
                throw new ChannelException(string.Create(CultureInfo.InvariantCulture, $"{command.Line[0]} ends with {ended.ExitCode}: {MessageWords.Line(ended.Problems.Length > 0 ? ended.Problems : ended.Output)}"));
            }
        }
        catch (Exception missing) when (missing is Win32Exception or TimeoutException)
        {
            throw new ChannelException($"{command.Line[0]}: {missing.Message}", missing);
        }
    }
}
