namespace Orchestrator.Simulation.Worlds;

/// <param name="Every">Training time between two checkpoints.</param>
/// <param name="Blocking">How long the trainer stands still for one.</param>
/// <param name="IsAsked">The agent asks for them, and for none while one is on its way; false = the trainer makes them as it likes.</param>
internal readonly record struct SaveRhythm(TimeSpan Every, TimeSpan Blocking, bool IsAsked)
{
    /// <summary>From one that is made to the next.</summary>
    public TimeSpan Made(TimeSpan upload) => (IsAsked && upload > Every ? upload : Every) + Blocking;

    /// <summary>From one that becomes durable to the next.</summary>
    public TimeSpan Stored(TimeSpan upload) => Made(upload) is var made && made > upload ? made : upload;
}
