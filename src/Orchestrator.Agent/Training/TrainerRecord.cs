using Orchestrator.Agent.Native;

namespace Orchestrator.Agent.Training;

/// <summary>The trainer on record, so that an agent that comes later finds it again.</summary>
/// <param name="Key">Command that asked for it.</param>
/// <param name="Wrapper">Leads the trainer's session.</param>
/// <param name="Trainer">Null = setup still runs.</param>
/// <param name="OomKillsBefore">Count of OOM kills when it was started.</param>
internal sealed record TrainerRecord(string Key, ProcessIdentity Wrapper, ProcessIdentity? Trainer, long OomKillsBefore);
