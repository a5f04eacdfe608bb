namespace Orchestrator.Tests.Properties;

/// <param name="Total">Steps to train.</param>
/// <param name="SavesEvery">Steps between checkpoints; 0 = never.</param>
/// <param name="CalmFrom">When the world stops misbehaving.</param>
/// <param name="BreaksAt">From this step on its loss is NaN; null = never.</param>
public sealed record SimTrainer(long Total, long SavesEvery, DateTimeOffset CalmFrom, long? BreaksAt);
