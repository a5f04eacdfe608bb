namespace Orchestrator.Server.Views;

/// <summary>Colours for a terminal, nothing elsewhere. Text is cleaned before it gets here.</summary>
public readonly record struct Paint(bool IsOn)
{
    public string Good(string text) => Wrap(text, "32");

    public string Bad(string text) => Wrap(text, "31");

    public string Warn(string text) => Wrap(text, "33");

    public string Dim(string text) => Wrap(text, "2");

    public string Strong(string text) => Wrap(text, "1");

    /// <summary>By the state of a job.</summary>
    public string State(string text, string state) => state switch
    {
        "succeeded" => Good(text),
        "failed" or "deadline-missed" => Bad(text),
        "paused" or "recovering" or "waiting" => Warn(text),
        "active" => Strong(text),
        _ => text,
    };

    private string Wrap(string text, string code) => IsOn && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
