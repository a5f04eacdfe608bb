namespace Orchestrator.Server.Api;

/// <summary>A machine and the way to it.</summary>
/// <param name="Name">The person's name for it.</param>
/// <param name="Host">Its address.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">Who to be there.</param>
/// <param name="KeyFile">Private key, a file on the server's machine; null = the ssh-agent.</param>
/// <param name="HostKey">The only host key it may show, verified by the server: <c>TYPE BASE64</c>.</param>
/// <param name="Jump">A machine to go through; null = directly.</param>
public sealed record SshReach(string Name, string Host, int Port, string User, string? KeyFile, string HostKey, SshReach? Jump);
