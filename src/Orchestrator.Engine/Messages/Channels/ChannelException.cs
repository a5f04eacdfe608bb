namespace Orchestrator.Engine.Messages.Channels;

/// <summary>A message did not get through; the words hold no address that is a secret, and no password.</summary>
public sealed class ChannelException(string message, Exception? inner = null) : Exception(message, inner);
