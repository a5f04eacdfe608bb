# What the system must have, and installing it with apt. Sourced after common.sh.

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif ! command -v sudo >/dev/null; then
    echo "neither root nor sudo" >&2
    return 1
  elif [ -t 2 ]; then
    sudo "$@" # it asks on the terminal itself, whatever our input is
  else
    sudo -n "$@" # asks nothing where nobody could answer
  fi
}

has_postgres() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

has_compiler() { command -v clang >/dev/null || command -v gcc >/dev/null; }

has_libc_headers() { [ -e /usr/include/stdlib.h ]; }

has_sshd() { [ -x /usr/sbin/sshd ] || [ -x /usr/local/sbin/sshd ]; }

has_candidate() { # has_candidate PACKAGE: may apt install it?
  local candidate
  candidate=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [ -n "$candidate" ] && [ "$candidate" != "(none)" ]
}

# One package name a line; nothing when all is there.
missing_packages() {
  find_dotnet || echo dotnet-sdk-10.0
  has_postgres || echo postgresql
  has_compiler || echo gcc
  has_libc_headers || echo libc6-dev
  command -v python3 >/dev/null || echo python3
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  # Only the tests are machines themselves.
  [ -z "${with_sshd:-}" ] || has_sshd || echo openssh-server
}

# "N packages, X MB to fetch, Y MB on disk", from apt's own simulation.
apt_sizes() {
  apt-get -s --no-install-recommends install "$@" 2>/dev/null | sed -n 's/^Inst \([^ ]*\) .*(\([^ ]*\) .*/\1=\2/p' |
    xargs -r apt-cache show --no-all-versions 2>/dev/null |
    awk '/^Package:/ {n++} /^Size:/ {fetch += $2} /^Installed-Size:/ {disk += $2}
         END {printf "%d packages with what they need, %.1f MB to fetch, %.1f MB on disk", n, fetch / 1e6, disk * 1024 / 1e6}'
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" \
    </dev/null >"$artifacts/apt.log" 2>&1
}

# Says what is missing, how big it is, and installs it. Ends with 2 where that cannot be done.
install_missing() {
  local missing
  mapfile -t missing < <(missing_packages)
  if [ "${#missing[@]}" -eq 0 ]; then
    find_dotnet
    return 0
  fi
  command -v apt-get >/dev/null || die 2 "missing: ${missing[*]}; install them (this script knows apt only)"
  local package
  for package in "${missing[@]}"; do
    has_candidate "$package" && continue
    say "reading the package lists (apt-get update) ..."
    as_root apt-get -qq update >&2 || say "apt-get update failed; going on with the lists that are here"
    break
  done
  for package in "${missing[@]}"; do
    has_candidate "$package" && continue
    [ "$package" = dotnet-sdk-10.0 ] && no_dotnet
    die 2 "missing: $package, and apt has no package of that name; install it by hand"
  done
  say "missing: ${missing[*]}"
  say "to install: $(apt_sizes "${missing[@]}")"
  mkdir -p "$artifacts"
  apt_install "${missing[@]}" || {
    # Lists older than the mirror name files that are gone.
    as_root apt-get -qq update >"$artifacts/apt.log" 2>&1 && apt_install "${missing[@]}"
  } || {
    tail -n 20 "$artifacts/apt.log" >&2
    die 2 "could not install: run  sudo apt-get install ${missing[*]}  and start this again"
  }
  find_dotnet || no_dotnet
}
