# Sees to it that the agent runs in a rented container. $1 = the agent's root, $2 = label, $3 = our folder, $4 and $5 = a copy of the agent
# that was just made there, and its hash, or nothing. Prints "up", "wanted", "begun" or "refused WORDS". It needs no more of an image than
# what brings up sshd does.
{
agent=$3/orchestrator-agent
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
"$agent" alive --root "$1" </dev/null 2>/dev/null
case $? in
  0) echo up; exit 0 ;;
  1) ;;
  *) echo "refused it cannot be told whether the agent runs"; exit 0 ;;
esac
# What the image and the provider set, which a session of sshd sees nothing of; what the session itself set is no trainer's.
unset SSH_CLIENT SSH_CONNECTION SSH_TTY SSH_ORIGINAL_COMMAND SSH_USER_AUTH MAIL OLDPWD
[ ! -f /etc/orchestrator-sshd/environment ] || . /etc/orchestrator-sshd/environment
CONTAINER_API_KEY=$(cat /etc/orchestrator-sshd/key 2>/dev/null)
# The key that ends this instance is the agent's: names that begin so never reach a trainer.
if [ -n "${CONTAINER_API_KEY:-}" ]; then
  ORCHESTRATOR_INSTANCE_KEY=$CONTAINER_API_KEY
  export ORCHESTRATOR_INSTANCE_KEY
fi
unset CONTAINER_API_KEY
cd "$(cat /etc/orchestrator-sshd/folder 2>/dev/null)" 2>/dev/null || cd /
if words=$("$3/orchestrator-agent" supervise --root "$1" --label "$2" --container --detach 2>&1 </dev/null); then
  echo begun
else
  echo "refused the agent does not start: $words"
fi
exit 0
}
