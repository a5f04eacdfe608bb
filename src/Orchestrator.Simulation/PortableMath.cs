namespace Orchestrator.Simulation;

/// <summary>
/// Logarithm and exponential from additions and divisions only. The runtime's own are the C library's, whose last bit differs
/// between machines, and a report must repeat bit for bit.
/// </summary>
internal static class PortableMath
{
    private const double Ln2 = 0.69314718055994530942;
    private const double Sqrt2 = 1.41421356237309504880;

    /// <summary>Of a positive, normal number.</summary>
    public static double Log(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > Sqrt2)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh((m-1)/(m+1)); the argument is at most 0.172, so that eleven terms are exact to the last digits.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 0.0;
        for (var k = 21; k >= 1; k -= 2)
        {
            sum = (sum * square) + (1.0 / k);
        }

        return (2 * s * sum) + (exponent * Ln2);
    }

    public static double Exp(double value)
    {
        if (value < -700)
        {
            return 0;
        }

        var whole = Math.Floor((value / Ln2) + 0.5);
        var rest = value - (whole * Ln2);
        var sum = 1.0;
        for (var k = 16; k >= 1; k--)
        {
            sum = 1 + (sum * rest / k);
        }

        return Math.ScaleB(sum, (int)Math.Min(whole, 1023));
    }

    public static double Pow(double value, double power) => Exp(power * Log(value));
}
