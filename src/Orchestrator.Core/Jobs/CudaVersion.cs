namespace Orchestrator.Jobs;

/// <summary>A CUDA version, major and minor.</summary>
public readonly record struct CudaVersion(int Major, int Minor) : IComparable<CudaVersion>
{
    public int CompareTo(CudaVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public static bool operator <(CudaVersion a, CudaVersion b) => a.CompareTo(b) < 0;
    public static bool operator >(CudaVersion a, CudaVersion b) => a.CompareTo(b) > 0;
    public static bool operator <=(CudaVersion a, CudaVersion b) => a.CompareTo(b) <= 0;
    public static bool operator >=(CudaVersion a, CudaVersion b) => a.CompareTo(b) >= 0;

    public override string ToString() => $"{Major}.{Minor}";
}
