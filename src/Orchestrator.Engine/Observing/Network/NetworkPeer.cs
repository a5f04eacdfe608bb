namespace Orchestrator.Engine.Observing.Network;

/// <summary>Somebody this server speaks with: the first machine on the way to a host, a store's endpoint.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Where it listens; 0 = it is reached through a proxy, so that we cannot try it ourselves.</param>
public sealed record NetworkPeer(string Host, int Port);
