using Orchestrator.IntegrationTests.Support;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>What a driver would bring, for images of the tests: a program and a library that answer for a card, and the Python of this machine to ask the library by.</summary>
internal static class StubDriver
{
    /// <summary>The beginning of a script: <c>bring FILE...</c> takes files of this machine, and what they are linked with, into $root; <c>driver FOLDER</c> makes it there out of its sources.</summary>
    public const string Make =
        """
        bring() {
            for program; do
                for file in $program $(ldd $program 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p'); do
                    mkdir -p "$root$(dirname "$file")" && cp -L "$file" "$root$file"
                done
            done
        }
        driver() {
            cp "$1/nvidia-smi" "$root/usr/bin/nvidia-smi" && chmod 755 "$root/usr/bin/nvidia-smi"
            command -v cc >/dev/null && command -v python3 >/dev/null || return 0
            cc -shared -fPIC -O2 -o "$root/usr/lib/x86_64-linux-gnu/libcuda.so.1" "$1/libcuda.c"
            bring $(python3 -I -c 'import ctypes, encodings.ascii, encodings.latin_1, sys; print(sys.executable, *{m.__file__ for m in list(sys.modules.values()) if getattr(m, "__file__", None)})')
            python=$(python3 -I -c 'import sys; print(sys.executable)')
            [ -e "$root/usr/bin/python3" ] || ln -s "$python" "$root/usr/bin/python3"
        }
        """;

    /// <summary>The folder of its sources.</summary>
    public static string Sources { get; } = Path.Combine(AgentBinary.RepositoryRoot(), "scripts", "lib", "servers");

    /// <summary>Null = images have all of it; else why they have the program alone.</summary>
    public static string? Lacks { get; } = new FactWithCompilerAttribute().Skip;
}
