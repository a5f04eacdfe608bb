# Stands before the scripts that start the agent on what we rent. $1 = the agent's root, $2 = label, $3 = our folder, $4 and $5 = a copy of
# the agent that was just made there, and its hash, or nothing. Ends with "booting", "wanted" or
# "refused WORDS" where the agent is not there.
{
agent=$3/orchestrator-agent
# It may still be about to restart Docker, or to make our folder.
case $(cloud-init status 2>/dev/null </dev/null) in *running* | *"not started"*) echo "booting"; exit 0 ;; esac
if [ -n "$4" ]; then
  # An instance keeps the agent that it began with, whatever servers bring later.
  if ! chmod 700 "$4" || ! words=$("$4" verify --hash "$5" 2>&1 </dev/null); then
    rm -f "$4"
    echo "refused the agent that was copied is damaged or does not run: $words"
    exit 0
  fi
  mv -f "$4" "$agent" || { echo "refused cannot write to $3"; exit 0; }
elif [ ! -x "$agent" ]; then
  if mkdir -p "$3"; then echo wanted; else echo "refused cannot write to $3"; fi
  exit 0
fi
}
