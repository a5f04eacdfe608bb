# Shared by the scripts beside it; sourced, never run. Needs bash and what Debian calls essential.
# Callers set `set -euo pipefail` and use $root, which this file sets to the repository's folder.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
artifacts=$root/artifacts
source "$root/scripts/lib/sysroot.sh"

# Build servers (MSBuild nodes, the shared compiler) outlive the command that started them and would keep its
# pipes open: `scripts/orchestrator jobs | cat` would never end. So none is started.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true

# Without libicu the SDK refuses to start at all; nothing we build needs cultures.
if ! compgen -G '/usr/lib/*/libicuuc.so.*' >/dev/null; then export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1; fi

# Without a home (a cron job, a container) or with one we may not write in, the SDK would end with a stack trace.
if [ -z "${HOME:-}" ]; then
  HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
  export HOME=${HOME:-/nonexistent}
fi
if [ ! -w "$HOME" ]; then export DOTNET_CLI_HOME=$artifacts/home NUGET_PACKAGES=${NUGET_PACKAGES:-$artifacts/packages}; fi

say() { printf '%s\n' "$*" >&2; }

die() { # die STATUS MESSAGE
  local status=$1
  shift
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit "$status"
}

# The .NET 10 SDK, wherever a package or Microsoft's script has put it; puts it on the PATH.
find_dotnet() {
  local candidate folder
  for candidate in "$(command -v dotnet || true)" "${DOTNET_ROOT:-}/dotnet" "$HOME/.dotnet/dotnet" \
      /usr/lib/dotnet/dotnet /usr/share/dotnet/dotnet /usr/local/share/dotnet/dotnet; do
    [ -x "$candidate" ] || continue
    # Looked up in its folder: asking dotnet itself would cost every command a tenth of a second.
    folder=$(dirname "$(readlink -f "$candidate")")
    compgen -G "$folder/sdk/10.*" >/dev/null || continue
    export DOTNET_ROOT=$folder PATH=$folder:$PATH
    return 0
  done
  return 1
}

no_dotnet() {
  cat >&2 <<'END'
The .NET 10 SDK is missing and this system has no package of it. This command installs it into ~/.dotnet, about 230 MB to
fetch and 700 MB on disk; afterwards run the same script again, it looks there:

  curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0

END
  command -v curl >/dev/null || say "It needs curl, which is missing too; as root:  apt-get install curl ca-certificates"
  exit 2
}

# In a subshell that is about to become another program: what that leaves behind can hold no pipe of the caller's.
close_descriptors() {
  local fd
  for fd in /proc/"$BASHPID"/fd/*; do
    fd=${fd##*/}
    # 255 is bash's handle on this script; it is closed by exec anyway.
    if [ "$fd" -gt 2 ] && [ "$fd" -ne 255 ]; then eval "exec $fd>&-"; fi
  done
}

# Runs a command with no descriptor of ours but a log file; prints the log only when the command fails.
run_logged() { # run_logged LOG COMMAND...
  local log=$1
  shift
  if ! (
    close_descriptors
    exec "$@" </dev/null >"$log" 2>&1
  ); then
    cat "$log" >&2
    return 1
  fi
}

# A clone that another user owns can be run from, but not built in.
need_artifacts() {
  { mkdir -p "$artifacts" && [ -w "$artifacts" ]; } 2>/dev/null ||
    die 2 "cannot write in $artifacts; run this as the owner of $root, or clone the repository again"
}

# What a build is made from. Names, sizes and times of the sources: some ten milliseconds, so that every
# command can afford to look; a deleted file changes it too.
source_fingerprint() {
  (cd "$root" && find src job-templates scripts/lib/*sysroot* global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig \
      \( -name bin -o -name obj \) -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum | cut -c1-16)
}

products_are_fresh() {
  [ "$(cat "$artifacts/built" 2>/dev/null)" = "$(source_fingerprint)" ] && [ -e "$artifacts/server/orchestrator.dll" ] &&
    [ -x "$artifacts/agent/orchestrator-agent" ]
}

# Builds the server and the agent when their sources have changed, once however many callers ask at the same time.
# Every build gets a folder of its own, and artifacts/server and artifacts/agent are links that move when it is
# complete: a running server or agent keeps the files it was started from.
build_products() {
  products_are_fresh && return 0
  find_dotnet || no_dotnet
  need_artifacts
  (
    flock 9
    products_are_fresh && exit 0 # somebody else has just built it
    [ ! -t 2 ] || say "building the orchestrator and its agent (a minute or two the first time) ..."
    fingerprint=$(source_fingerprint)
    folder=$artifacts/builds/$fingerprint
    rm -rf "$folder"
    mkdir -p "$folder"
    cd "$root"
    publish server Orchestrator.Server || die 2 "the server does not build; its log is above"
    publish_agent || die 2 "the agent does not build; its log is above (it needs gcc or clang, and libc6-dev)"
    move_link "builds/$fingerprint/server" "$artifacts/server"
    move_link "builds/$fingerprint/agent" "$artifacts/agent"
    printf '%s\n' "$fingerprint" >"$artifacts/built"
    remove_old_builds "$fingerprint"
  ) 9>"$artifacts/.lock"
}

publish() { # publish NAME PROJECT PROPERTY..., into $folder
  run_logged "$artifacts/build-$1.log" dotnet publish "src/$2" -c Release -o "$folder/$1" -v q -nologo -nodeReuse:false "${@:3}"
}

# On the portable base where that can be had; else as the system links it, and agent.json says what it then needs.
publish_agent() {
  local sysroot
  # A link is not repeated when only what is linked against has changed.
  rm -f src/Orchestrator.Agent/bin/Release/net10.0/linux-x64/native/orchestrator-agent
  run_logged "$artifacts/build-agent.log" dotnet restore src/Orchestrator.Agent -v q -nologo -nodeReuse:false || return 1
  if sysroot=$(portable_sysroot); then
    publish agent Orchestrator.Agent "-p:PortableSysroot=$sysroot" "-p:PortableCompiler=$(c_compiler)" 2>"$artifacts/build-portable.log" &&
      describe_agent "$folder/agent" && return 0
    say "the agent does not build on its portable base (artifacts/build-portable.log); trying the ordinary way"
  fi
  publish agent Orchestrator.Agent && describe_agent "$folder/agent"
}

move_link() { # move_link TARGET LINK, in one step for whoever looks at LINK
  if [ -d "$2" ] && [ ! -L "$2" ]; then rm -rf "$2"; fi
  ln -sfn "$1" "$2.new"
  mv -T "$2.new" "$2"
}

# Old builds go, but for those that a running process was started from.
remove_old_builds() { # remove_old_builds FINGERPRINT-TO-KEEP
  local folder in_use
  in_use=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -F "$artifacts/builds/" || true)
  for folder in "$artifacts"/builds/*/; do
    folder=${folder%/}
    if [ "${folder##*/}" = "$1" ] || grep -qF "$folder/" <<<"$in_use"; then continue; fi
    rm -rf "$folder"
  done
}
