# Begins one instance. $1 = our folder, $2 = id, $3 = label, $4 = slots wanted, $5 = slots there are, $6 = sha256 of the agent,
# $7 = GPUs per slot, $8 = MiB of disk that must be free, $9 = "container" or "bare": a container is only put on the books here, and
# made later. Prints "started ID" or "refused KIND WORDS"; anything else: nobody knows.
{
root=$1 id=$2 label=$3 wanted=$4 slots=$5 agent=$root/agents/$6/orchestrator-agent gpus=$7 disk=$8 kind=$9
folder=$root/instances/$id
refuse() { echo "refused $*"; exit 0; }
undo() {
  for link in "$root"/slots/*; do
    if [ -L "$link" ] && [ "$(readlink "$link")" = "$id" ]; then rm -f "$link"; fi
  done
  rm -rf "$folder"
}

[ -x "$agent" ] || refuse Rejected "the agent is not on the machine any more; it is copied again with the next look at the machine"
free=$(df -Pk "$root" 2>/dev/null | sed -n '2s/.*[^0-9]\([0-9][0-9]*\)  *[0-9][0-9]*% .*/\1/p')
[ "${free:-$((disk * 1024))}" -ge $((disk * 1024)) ] || refuse NoCapacity "only $((free / 1024)) MiB are free in $root"

# An older attempt of the same job is ended before a new one begins beside it.
for card in "$root"/instances/i-*/card; do
  [ -f "$card" ] || continue
  other=$(sed -n 's/^label=//p' "$card" | head -n 1)
  if [ "$other" != "$label" ] && [ "${other%-*}" = "${label%-*}" ]; then
    refuse NoCapacity "$other, an older attempt of this job, is still on this machine"
  fi
done

# On the books before anything runs: the folder gets its name when its card is complete.
umask 077
staged=$root/instances/.new-$id
mkdir "$staged" "$staged/root" || refuse Rejected "cannot make $staged"
printf 'label=%s\ncreated=%s\nagent=%s\nslots=%s\nkind=%s\n' "$label" "$(date +%s)" "$6" "$wanted" "$kind" >"$staged/card" && mv "$staged" "$folder" ||
  { rm -rf "$staged"; refuse Rejected "cannot make $folder"; }

# A link is made or not, whoever else tries, and says whose the slot is.
got=0 n=0 cards=
while [ "$n" -lt "$slots" ] && [ "$got" -lt "$wanted" ]; do
  link=$root/slots/$n
  if [ -L "$link" ] && [ ! -e "$root/instances/$(readlink "$link")/card" ]; then rm -f "$link"; fi
  if ln -s "$id" "$link" 2>/dev/null; then
    got=$((got + 1)) g=0
    while [ "$g" -lt "$gpus" ]; do cards=$cards${cards:+,}$((n * gpus + g)) g=$((g + 1)); done
  fi
  n=$((n + 1))
done
if [ "$got" -lt "$wanted" ]; then
  undo
  refuse NoCapacity "the machine has no free slots for this now"
fi

if [ "$kind" = container ]; then
  # The agent's folder is this user's, though root writes into it from the container.
  if mkdir "$folder/root/agent" && printf '%s\n' "$cards" >"$folder/gpus"; then
    echo "started $id"
  else
    undo
    refuse Rejected "cannot write to $folder"
  fi
  exit 0
fi

# Caches go with the instance, and no shell keeps a history. Else the home is the user's own: programs live there.
ORCHESTRATOR_INSTANCE=$id XDG_CACHE_HOME=$folder/root/.cache HISTFILE=/dev/null
export ORCHESTRATOR_INSTANCE XDG_CACHE_HOME HISTFILE
if [ "$gpus" -gt 0 ]; then
  CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES=$cards
  export CUDA_DEVICE_ORDER CUDA_VISIBLE_DEVICES
fi
cd /
if words=$("$agent" supervise --root "$folder/root" --label "$label" --detach 2>&1 </dev/null); then
  echo "started $id"
else
  "$agent" destroy --root "$folder/root" </dev/null >/dev/null 2>&1
  undo
  refuse Rejected "the agent does not start there: $(printf '%s' "$words" | head -n 1)"
fi
exit 0
}
