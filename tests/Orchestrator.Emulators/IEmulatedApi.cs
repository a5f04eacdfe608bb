namespace Orchestrator.Emulators;

/// <summary>One rental API with its state. Its clock is given to it, so that hours of a market pass in a moment of a test.</summary>
public interface IEmulatedApi
{
    EmulatedAnswer Answer(EmulatedRequest request);
}
