# What the system must have, and installing it with apt. Sourced after common.sh.

# Looked up now: later our own error stream may be a log file.
may_ask=no
if [ -t 2 ]; then may_ask=yes; fi

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif ! command -v sudo >/dev/null; then
    echo "this needs root, and there is no sudo here" >&2
    return 1
  elif [ "$may_ask" = yes ]; then
    sudo "$@" # it asks on the terminal itself, whatever our streams are
  else
    sudo -n "$@" # asks nothing where nobody could answer
  fi
}

has_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

has_compiler() { command -v clang >/dev/null || command -v gcc >/dev/null; }

has_libc_headers() { [ -e /usr/include/stdlib.h ]; }

has_sshd() { [ -x /usr/sbin/sshd ] || [ -x /usr/local/sbin/sshd ]; }

has_dockerd() { [ -x /usr/sbin/dockerd ] || command -v dockerd >/dev/null; }

has_candidate() { # has_candidate PACKAGE: may apt install it?
  local candidate
  candidate=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [ -n "$candidate" ] && [ "$candidate" != "(none)" ]
}

# What the tests need and the product does not: an sshd and Docker for their machines, a registry, what builds images, other
# people's readers of buckets, a browser for the pages.
for_tests=

# One package name a line; nothing when all is there.
missing_packages() {
  if [ -n "$for_tests" ]; then
    has_sshd || echo openssh-server # the tests' machines are reached over it
    has_dockerd || printf '%s\n' docker.io containerd
    command -v docker-registry >/dev/null || echo docker-registry
    command -v htpasswd >/dev/null || echo apache2-utils
    command -v mmdebstrap >/dev/null || echo mmdebstrap
    [ -x /usr/bin/aws ] || echo awscli
    command -v rclone >/dev/null || echo rclone
    command -v git >/dev/null || echo git
    # Ubuntu's packages of it only fetch a snap: there the pages' tests are skipped, and say so.
    if ! grep -qi '^ID=ubuntu' /etc/os-release; then
      command -v chromium >/dev/null || echo chromium
    fi
  fi
  find_dotnet || echo dotnet-sdk-10.0
  has_postgres || echo postgresql
  has_compiler || echo gcc
  has_libc_headers || echo libc6-dev
  command -v python3 >/dev/null || echo python3
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
}

# "N packages, X MB to fetch, Y MB on disk", from apt's own simulation.
apt_sizes() {
  apt-get -s --no-install-recommends install "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) .*(\([^ ]*\) .*/\1=\2/p' |
    xargs -r apt-cache show --no-all-versions 2>/dev/null |
    awk '/^Package:/ {n++} /^Size:/ {fetch += $2} /^Installed-Size:/ {disk += $2}
         END {printf "%d packages with what they need, %.1f MB to fetch, %.1f MB on disk", n, fetch / 1e6, disk * 1024 / 1e6}'
}

# A machine that has just booted often updates itself first: its locks are waited for.
apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@" \
    </dev/null >"$artifacts/apt.log" 2>&1
}

apt_update() {
  local tries
  for tries in {1..30}; do
    as_root apt-get -qq update </dev/null >"$artifacts/apt.log" 2>&1 && return 0
    grep -q 'Could not get lock' "$artifacts/apt.log" || break # apt waits for the other lock only
    [ "$tries" != 1 ] || say "another program is reading the package lists; waiting for it ..."
    sleep 10
  done
  tail -n 3 "$artifacts/apt.log" >&2
  return 1
}

# Says what is missing, how big it is, and installs it. Ends with 2 where that cannot be done.
install_missing() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] || install_packages "${missing[@]}"
  find_dotnet || no_dotnet
}

install_packages() { # install_packages PACKAGE...
  local package
  command -v apt-get >/dev/null || die 2 "missing: $*; install them (this script knows apt only)"
  need_artifacts
  for package in "$@"; do
    has_candidate "$package" && continue
    say "reading the package lists (apt-get update) ..."
    apt_update || say "apt-get update failed; going on with the lists that are here"
    break
  done
  for package in "$@"; do
    has_candidate "$package" && continue
    [ "$package" = dotnet-sdk-10.0 ] && no_dotnet
    die 2 "missing: $package, and apt has no package of that name; install it by hand"
  done
  say "missing: $*"
  say "to install: $(apt_sizes "$@")"
  case " $* " in *" postgresql "*) say "(the package also sets up a PostgreSQL of the system's own; it is not used here and may be disabled)" ;; esac
  case " $* " in *" openssh-server "*) say "(the package also starts an sshd on port 22; the tests use their own: sudo systemctl disable --now ssh  closes it)" ;; esac
  case " $* " in *" docker.io "*) say "(the package also starts a Docker daemon; the tests use their own: sudo systemctl disable --now docker  ends it)" ;; esac
  case " $* " in *" docker-registry "*) say "(the package also starts a registry on port 5000; the tests use their own: sudo systemctl disable --now docker-registry  closes it)" ;; esac
  say "installing with apt-get ..."
  apt_install "$@" || {
    # Lists older than the mirror name files that are gone.
    apt_update && apt_install "$@"
  } || {
    tail -n 20 "$artifacts/apt.log" >&2
    die 2 "could not install; run this as root:  apt-get install --no-install-recommends $*  and start this again"
  }
}
