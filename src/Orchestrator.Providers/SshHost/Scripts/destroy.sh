# Ends one instance and removes it. $1 = our folder, $2 = id. Prints "gone", "destroyed" or "left WORDS". Safe to repeat.
{
root=$1 id=$2
folder=$root/instances/$id
[ -d "$root/instances" ] || { echo "left there is no $root/instances; is a disk not mounted?"; exit 0; }
if [ ! -f "$folder/card" ]; then
  rm -rf "$folder"
  echo gone
  exit 0
fi
: >"$folder/terminating"
agent=$root/agents/$(sed -n 's/^agent=//p' "$folder/card" | head -n 1)/orchestrator-agent
words=
briefly() { if command -v timeout >/dev/null 2>&1; then timeout -k 1 5 "$@"; else "$@"; fi; }
if grep -q '^kind=container$' "$folder/card"; then
  removed=yes
  words=$(docker_run 15 rm -f -v "orchestrator-$id" 2>&1) || removed=no
  # Docker may be asked in vain, or be another one than made the container: the lock says whether it lives. One that does not live
  # cannot be started without its folder, and is removed when this Docker answers again.
  briefly "$agent" alive --root "$folder/root" >/dev/null 2>&1 </dev/null
  case $?-$removed-$words in
    1-* | *-yes-* | 2-no-*"No such container"* | 12[67]-no-*"No such container"*) ;;
    0-*"No such container"*) echo "left its container runs, and this Docker does not know it; is there another one (DOCKER_HOST)?"; exit 0 ;;
    *) echo "left its container cannot be removed: $(printf '%s' "${words:-Docker does not answer}" | tail -n 1)"; exit 0 ;;
  esac
elif [ -x "$agent" ]; then
  words=$("$agent" destroy --root "$folder/root" 2>&1 </dev/null)
fi

# What left the trainer's session still carries the mark in its environment.
marked() { grep -l "ORCHESTRATOR_INSTANCE=$id" /proc/[0-9]*/environ 2>/dev/null | tr -dc '0-9\n'; }
round=0
while pids=$(marked) && [ -n "$pids" ] && [ "$round" -lt 25 ]; do
  # shellcheck disable=SC2086
  kill -9 $pids 2>/dev/null
  round=$((round + 1))
  sleep 0.2 2>/dev/null || sleep 1
done
if [ -n "$pids" ]; then
  echo "left processes $(echo $pids) of $id cannot be killed"
  exit 0
fi

chmod -R u+rwX "$folder/root" 2>/dev/null
rm -rf "$folder/root" 2>/dev/null
if grep -q '^kind=container$' "$folder/card"; then
  # The trainer was root in its container: what it put into folders of its own only root can delete, which Docker lets us be. The image
  # that it ran, or else another one of ours.
  for record in "$folder/image" "$root"/images/*; do
    [ -e "$folder/root" ] && [ -s "$record" ] || continue
    words=$(docker_run 10 run --rm --pull never --network none --security-opt label=disable --user 0:0 \
      --mount "type=bind,source=$folder/root,target=/root-of-$id" --entrypoint /bin/sh "$(head -n 1 "$record")" \
      -c "rm -rf /root-of-$id/* /root-of-$id/.[!.]* /root-of-$id/..?*" 2>&1)
    rm -rf "$folder/root" 2>/dev/null
  done
fi
if [ -e "$folder/root" ]; then
  echo "left $folder/root cannot be deleted; look at what holds it and delete it by hand. $words"
  exit 0
fi
for link in "$root"/slots/*; do
  if [ -L "$link" ] && [ "$(readlink "$link")" = "$id" ]; then rm -f "$link"; fi
done
# The card goes last: a delete that is cut off leaves an instance that is still listed.
rm -rf "$folder"
if [ -e "$folder" ]; then echo "left $folder cannot be deleted"; else echo destroyed; fi
exit 0
}
