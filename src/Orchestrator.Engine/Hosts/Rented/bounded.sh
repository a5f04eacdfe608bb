# What scripts that try a host have in common. What a command says goes to the file $out.
# within SECONDS COMMAND...: 124 when it takes longer. It is not waited for then: what hangs in a driver or a disk dies when that lets go of it.
within() {
  left=$1
  shift
  "$@" >"$out" 2>&1 </dev/null &
  asked=$!
  while kill -0 "$asked" 2>/dev/null; do
    if [ "$left" -le 0 ]; then kill -9 "$asked"; return 124; fi
    left=$((left - 1))
    sleep 1
  done
  wait "$asked"
}
# What it said, on one line.
words() { set -f; set -- $(cat "$out" 2>/dev/null); echo "$*"; }
# Hundredths of a second since the start of the machine, in $up.
now() { read -r up idle </proc/uptime; up=${up%.*}${up#*.}; }
