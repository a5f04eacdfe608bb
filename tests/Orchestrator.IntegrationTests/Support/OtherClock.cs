using System.Globalization;
using Orchestrator.Drills.Kit;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>
/// Another time of day for whatever is linked with a C library: a library for a machine's /etc/ld.so.preload. What is said of
/// files' times is in that time as well; clocks that count since the start know nothing of it.
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
          *at = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
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

        // The same for whoever is linked against a C library before 2.33, as our agent is.
        int __xstat(int version, const char *path, struct stat *of) { return stat(path, of); }
        int __lxstat(int version, const char *path, struct stat *of) { return lstat(path, of); }
        int __fxstat(int version, int file, struct stat *of) { return fstat(file, of); }
        int __fxstatat(int version, int folder, const char *path, struct stat *of, int flags) { return fstatat(folder, path, of, flags); }
        int __xstat64(int version, const char *path, struct stat64 *of) { return stat64(path, of); }
        int __lxstat64(int version, const char *path, struct stat64 *of) { return lstat64(path, of); }
        int __fxstat64(int version, int file, struct stat64 *of) { return fstat64(file, of); }
        int __fxstatat64(int version, int folder, const char *path, struct stat64 *of, int flags) { return fstatat64(folder, path, of, flags); }

        int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict of) {
          int failed = syscall(SYS_statx, folder, path, flags, mask, of);
          if (!failed) of->stx_atime.tv_sec += OFFSET, of->stx_mtime.tv_sec += OFFSET, of->stx_ctime.tv_sec += OFFSET, of->stx_btime.tv_sec += OFFSET;
          return failed;
        }

        static int set(int folder, const char *path, const struct timespec times[2], int flags) {
          struct timespec kept[2];
          for (int i = 0; times && i < 2; i++) {
            kept[i] = times[i];
            if (kept[i].tv_nsec != UTIME_NOW && kept[i].tv_nsec != UTIME_OMIT) kept[i].tv_sec -= OFFSET;
          }
          return syscall(SYS_utimensat, folder, path, times ? kept : 0, flags);
        }

        int utimensat(int folder, const char *path, const struct timespec times[2], int flags) { return set(folder, path, times, flags); }
        int futimens(int file, const struct timespec times[2]) { return set(file, 0, times, 0); }

        """;

    private static readonly string[] _compilers = ["/usr/bin/gcc", "/usr/bin/clang", "/usr/local/bin/gcc", "/usr/local/bin/clang"];

    /// <summary>Makes the library.</summary>
    /// <param name="library">Its file.</param>
    /// <param name="offset">How far the clock is ahead.</param>
    public static async Task CompileAsync(string library, TimeSpan offset)
    {
        await File.WriteAllTextAsync(library + ".c", Source);
        var seconds = ((long)offset.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var compiler = _compilers.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("no C compiler, which the agent is linked with as well: apt-get install gcc libc6-dev");
        await Sshd.RunAsync(compiler, "-shared", "-fPIC", "-O1", "-DOFFSET=(" + seconds + ")", "-o", library, library + ".c");
    }
}
