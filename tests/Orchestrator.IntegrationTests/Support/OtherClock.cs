using System.Globalization;
using Orchestrator.Drills.Kit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>
/// Another time of day for whatever is linked with a C library: a library for a machine's /etc/ld.so.preload. What stat says of
/// files is in that time as well; clocks that count since the start know nothing of it.
/// </summary>
internal static class OtherClock
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        int clock_gettime(clockid_t id, struct timespec *at) {
          int failed = syscall(SYS_clock_gettime, id, at);
          if (!failed && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += OFFSET;
          return failed;
        }

        int gettimeofday(struct timeval *restrict at, void *restrict zone) {
          struct timespec now;
          clock_gettime(CLOCK_REALTIME, &now);
          if (at) *at = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
          return 0;
        }

        time_t time(time_t *at) {
          struct timespec now;
          clock_gettime(CLOCK_REALTIME, &now);
          if (at) *at = now.tv_sec;
          return now.tv_sec;
        }

        static int shown(int failed, struct stat *of) {
          if (!failed) of->st_atim.tv_sec += OFFSET, of->st_mtim.tv_sec += OFFSET, of->st_ctim.tv_sec += OFFSET;
          return failed;
        }

        int fstatat(int folder, const char *restrict path, struct stat *restrict of, int flags) { return shown(syscall(SYS_newfstatat, folder, path, of, flags), of); }
        int stat(const char *restrict path, struct stat *restrict of) { return fstatat(AT_FDCWD, path, of, 0); }
        int lstat(const char *restrict path, struct stat *restrict of) { return fstatat(AT_FDCWD, path, of, AT_SYMLINK_NOFOLLOW); }
        int fstat(int file, struct stat *of) { return shown(syscall(SYS_fstat, file, of), of); }
        int fstatat64(int folder, const char *restrict path, struct stat64 *restrict of, int flags) { return fstatat(folder, path, (struct stat *)of, flags); }
        int stat64(const char *restrict path, struct stat64 *restrict of) { return stat(path, (struct stat *)of); }
        int lstat64(const char *restrict path, struct stat64 *restrict of) { return lstat(path, (struct stat *)of); }
        int fstat64(int file, struct stat64 *of) { return fstat(file, (struct stat *)of); }

        """;

    private static readonly string[] _compilers = ["/usr/bin/gcc", "/usr/bin/clang", "/usr/local/bin/gcc", "/usr/local/bin/clang"];

    /// <summary>Makes the library.</summary>
    /// <param name="library">Its file.</param>
    /// <param name="offset">How far the clock is ahead.</param>
    public static async Task CompileAsync(string library, TimeSpan offset)
    {
        await File.WriteAllTextAsync(library + ".c", Source);
        var seconds = ((long)offset.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await Sshd.RunAsync(_compilers.First(File.Exists), "-shared", "-fPIC", "-O1", "-DOFFSET=(" + seconds + ")", "-o", library, library + ".c");
    }
}
