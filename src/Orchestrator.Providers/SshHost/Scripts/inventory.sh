# $1 = our folder there ("~/" is the home). Prints NAME<tab>VALUE lines; the last is "end".
# What a machine lacks is left out; nothing here may hang for long or change anything but the folder.
{
root=$1
case $root in
  "~") root=$HOME ;;
  "~/"*) root=$HOME/${root#??} ;;
esac
limit() { if command -v timeout >/dev/null 2>&1; then timeout 5 "$@"; else "$@"; fi; }
say() { printf '%s\t%s\n' "$1" "$2"; }
free_in() { df -Pk "$1" 2>/dev/null | sed -n '2s/.*[^0-9]\([0-9][0-9]*\)  *[0-9][0-9]*% .*/\1/p'; }
# Ours from the start, or nobody's: a folder that others use keeps its mode, and none of our folders appears between theirs.
if [ -d "$root" ] && [ ! -d "$root/instances" ] && [ ! -e "$root/id" ] && [ -n "$(ls -A "$root" 2>/dev/null)" ]; then
  say refused "$root holds other things; name a folder of its own below it, for example root: ${root%/}/orchestrator"
  say end 1
  exit 0
fi
[ -d "$root" ] || { mkdir -p "$root" && chmod 700 "$root"; } 2>/dev/null
if ! mkdir -p "$root/instances" "$root/slots" "$root/agents" 2>/dev/null || ! chmod 700 "$root/instances" 2>/dev/null; then
  [ -d "$root/instances" ] && say root "$(cd "$root" && pwd -P)"
  say refused "cannot write to $root; name another folder (root) or give $(id -un) the right to write there"
  say end 1
  exit 0
fi
# By this name containers say whose they are: several machines may be folders beside one Docker.
# A crash may leave it empty, which would be nobody's name for ever.
if [ ! -s "$root/id" ]; then
  rm -f "$root/id"
  cat /proc/sys/kernel/random/uuid >"$root/.id.$$" 2>/dev/null && [ -s "$root/.id.$$" ] && ln "$root/.id.$$" "$root/id" 2>/dev/null
  rm -f "$root/.id.$$"
fi
id=$(cat "$root/id" 2>/dev/null)
[ -n "$id" ] || say docker-trouble "cannot write $root/id; is the disk full?"
# What a crash left half made or half deleted: it runs nothing and is on nobody's books.
find "$root/instances" -maxdepth 1 -name '.new-i-*' -mmin +60 -exec rm -rf {} + 2>/dev/null
for folder in "$root"/instances/i-*; do
  if [ -d "$folder" ] && [ ! -f "$folder/card" ] && [ -n "$(find "$folder" -maxdepth 0 -mmin +60 2>/dev/null)" ]; then rm -rf "$folder"; fi
done
say root "$(cd "$root" && pwd -P)"
say system "$(uname -s) $(uname -m) $(uname -r)"
if command -v getconf >/dev/null 2>&1; then say glibc "$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')"; fi
say cpus "$(nproc 2>/dev/null || grep -c '^processor' /proc/cpuinfo)"
say memory "$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo)"
say disk "$(free_in "$root")"
say clock "$(date +%s)"
if command -v nvidia-smi >/dev/null 2>&1; then
  if gpus=$(limit nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>&1 </dev/null); then
    printf '%s\n' "$gpus" | while IFS= read -r line; do say gpu "${line%,*}"; say driver "${line##*, }"; done
    say cuda "$(limit nvidia-smi 2>/dev/null </dev/null | sed -n 's/.*CUDA Version: *\([0-9][0-9]*\.[0-9]*\).*/\1/p' | head -n 1)"
  else
    say trouble "nvidia-smi fails: $(printf '%s' "$gpus" | head -n 1)"
  fi
fi
if command -v docker >/dev/null 2>&1; then
  if docker=$(docker_run 10 info --format '{{.ServerVersion}} {{.DockerRootDir}} {{range $name, $it := .Runtimes}}{{$name}},{{end}} {{json .DriverStatus}}' 2>&1); then
    say docker "${docker%% *}"
    rest=${docker#* }
    case ${rest#* } in *nvidia*) say nvidia-runtime yes ;; esac
    # Where its images lie, when that is a folder of this machine's; containerd's are beside it.
    place=${rest%% *}
    case $rest in *io.containerd.snapshotter*) [ ! -d /var/lib/containerd ] || place=/var/lib/containerd ;; esac
    [ ! -d "$place" ] || say docker-disk "$(free_in "$place")"
    # Containers of ours whose instance is not on this machine's books any more: a destroy that was cut off, a start that came too late.
    # One at a time: a daemon that hangs must not make this look at the machine hang.
    docker_run 10 ps -a --no-trunc --filter "label=orchestrator.folder=$id" --format '{{.ID}} {{.Label "orchestrator.instance"}}' 2>/dev/null |
      while read -r container instance; do
        if [ -n "$instance" ] && [ ! -f "$root/instances/$instance/card" ]; then
          docker_run 5 rm -f -v "$container" >/dev/null 2>&1
          break
        fi
      done
  else
    # Older clients complain of the template when it is the daemon that cannot be had.
    case $docker in *template:*) docker=$(docker_run 5 version --format '{{.Server.Version}}' 2>&1) ;; esac
    docker=$(printf '%s' "${docker:-it does not answer}" | tail -n 1) own=/run/user/$(id -u)/docker.sock
    if [ -z "${DOCKER_HOST-}" ] && [ -S "$own" ]; then
      docker="a rootless Docker listens at $own, and the docker command does not look there (docker context use rootless): $docker"
    fi
    say docker-trouble "$docker"
  fi
fi
say end 1
exit 0
}
