using System.Text.Json.Serialization;

namespace Orchestrator.Protocol;

[JsonConverter(typeof(WordConverter<TrainerStatus>))]
public enum TrainerStatus
{
    NotStarted = 0,
    SettingUp,
    Running,
    Exited,
    /// <summary>It was running and is gone without an exit code (container restart, reboot).</summary>
    Lost,
}
