# $1 = our folder there, absolute. Prints one line per instance and per slot in use; the last is "end", so that a part is no list.
{
root=$1
tab=$(printf '\t')
now=$(date +%s)
boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
[ -d "$root/instances" ] || { echo "there is no $root/instances" >&2; exit 3; }

# The agent's own look is short; whatever a trainer has put in its way must not make the whole list wait.
briefly() { if command -v timeout >/dev/null 2>&1; then timeout -k 1 5 "$@"; else "$@"; fi; }

value() { sed -n "s/^$1=//p" "$card" 2>/dev/null | head -n 1; }

# Field 22 of stat, counted behind the name, which may hold anything.
start_of() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  set -- ${stat##*) }
  case $1 in Z | X) return 1 ;; esac
  echo "${20}"
}

for folder in "$root"/instances/i-*; do
  card=$folder/card
  [ -f "$card" ] || continue
  label=$(value label)
  created=$(value created)
  if [ -e "$folder/terminating" ]; then
    state=terminating words="being destroyed"
  elif [ "$(value kind)" = container ]; then
    briefly "$root/agents/$(value agent)/orchestrator-agent" alive --root "$folder/root" >/dev/null 2>&1 </dev/null
    case $?-$([ -f "$folder/root/agent/supervisor.json" ] && echo begun)-$([ -f "$folder/gpus" ] && echo placed) in
      0-*) state=running words="its container runs" ;;
      1-begun-*) state=stopped words="its container has ended" ;;
      1--placed) state=running words="its container is being made" ;;
      1--) if [ $((now - ${created:-0})) -lt 30 ]; then state=booting words="starting"; else state=stopped words="it never came up"; fi ;;
      *) state=unknown words="nobody can tell whether its container runs" ;;
    esac
  elif [ -f "$folder/root/agent/supervisor.json" ]; then
    json=$(head -c 400 "$folder/root/agent/supervisor.json" | tr -d ' \n')
    pid=$(printf '%s' "$json" | sed -n 's/.*"pid":\([0-9][0-9]*\).*/\1/p')
    start=$(printf '%s' "$json" | sed -n 's/.*"startTicks":\([0-9][0-9]*\).*/\1/p')
    its_boot=$(printf '%s' "$json" | sed -n 's/.*"bootId":"\([0-9a-f-]*\)".*/\1/p')
    if [ "$its_boot" != "$boot" ]; then
      state=stopped words="the machine was restarted"
    elif [ -n "$pid" ] && [ "$(start_of "$pid")" = "$start" ]; then
      state=running words="pid $pid"
    else
      state=stopped words="its supervisor is gone"
    fi
  elif [ $((now - ${created:-0})) -lt 30 ]; then
    state=booting words="starting"
  else
    state=stopped words="its supervisor never came up"
  fi
  printf 'instance\t%s\t%s\t%s\t%s\n' "${folder##*/}" "$label" "$state" "$words"
  printf 'agent\t%s\t%s\n' "${folder##*/}" "$(value agent)"
done

# Two names of one machine, and machines that share a home, have one id between them.
id=$(head -c 64 "$root/id" 2>/dev/null | tr -dc '0-9a-f-')
[ -z "$id" ] || printf 'id\t%s\n' "$id"

for link in "$root"/slots/*; do
  [ -L "$link" ] || continue
  owner=$(readlink "$link")
  # A slot whose instance is gone is free: the link is removed last.
  [ -f "$root/instances/$owner/card" ] && printf 'slot\t%s\t%s\n' "${link##*/}" "$owner"
done
printf 'end%s1\n' "$tab"
exit 0
}
