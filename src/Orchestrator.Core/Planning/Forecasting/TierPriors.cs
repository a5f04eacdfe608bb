namespace Orchestrator.Planning.Forecasting;

/// <summary>What is usual for hosts of one tier, where neither provider nor history says.</summary>
/// <param name="Score">Reliability score: the share of time the host is there.</param>
/// <param name="ReclaimsPerHour">Interruptible capacity is taken back this often in its first day, beside what the score says.</param>
/// <param name="BootSuccess">Share of launches that end in a machine one can use.</param>
/// <param name="SpotBootSuccess">The same on interruptible capacity, where others bid too.</param>
/// <param name="BootMinutes">From the order until it is ready, without the image.</param>
/// <param name="DownMbps">What it receives.</param>
/// <param name="UpMbps">What it sends.</param>
/// <param name="SeenDays">How long it has been listed.</param>
public sealed record TierPriors(double Score, double ReclaimsPerHour, double BootSuccess, double SpotBootSuccess, double BootMinutes, double DownMbps, double UpMbps, double SeenDays);
