# Sees to it that a rented machine has the instance on its books, and that the agent runs where no container is made for it; after
# bring-agent.sh, with the same arguments and $6 = "container" or "bare", $7 = how many GPUs. Prints "up", "begun" or "refused WORDS".
{
instance=${1%/*}
umask 077
# By this name containers say whose they are.
if [ ! -s "$3/id" ]; then
  cat /proc/sys/kernel/random/uuid >"$3/.id.$$" && mv -f "$3/.id.$$" "$3/id" || { echo "refused cannot write $3/id"; exit 0; }
fi
if [ "$6" = container ]; then
  if [ ! -f "$instance/gpus" ]; then
    # The machine is all ours: every GPU of it, and nobody to share a slot with. The agent's folder is this user's, though root writes into it.
    n=0 cards=
    while [ "$n" -lt "$7" ]; do cards=$cards${cards:+,}$n n=$((n + 1)); done
    mkdir -p "$1/agent" && printf '%s\n' "$cards" >"$instance/.gpus.$$" && mv -f "$instance/.gpus.$$" "$instance/gpus" || { echo "refused cannot write to $instance"; exit 0; }
  fi
  echo up
  exit 0
fi
"$agent" alive --root "$1" </dev/null 2>/dev/null
case $? in
  0) echo up; exit 0 ;;
  1) ;;
  *) echo "refused it cannot be told whether the agent runs"; exit 0 ;;
esac
cd /
mkdir -p "$1"
if words=$("$agent" supervise --root "$1" --label "$2" --detach 2>&1 </dev/null); then
  echo begun
else
  echo "refused the agent does not start: $words"
fi
exit 0
}
