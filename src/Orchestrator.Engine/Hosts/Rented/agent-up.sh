# Sees to it that the agent runs in a rented container; after bring-agent.sh, with the same arguments and, where other jobs had the container before, $6 = how many:
# what runs for them is ended first. Prints "up", "begun", either with "keyless" (no key came
# that ends the instance), or "refused WORDS".
# Neither needs more of an image than what brings up sshd does.
{
# What the image and the provider set, which a session of sshd sees nothing of; what the session itself set is no trainer's.
unset SSH_CLIENT SSH_CONNECTION SSH_TTY SSH_ORIGINAL_COMMAND SSH_USER_AUTH MAIL OLDPWD
[ ! -f /etc/orchestrator-sshd/environment ] || . /etc/orchestrator-sshd/environment
# The key that ends this instance is the agent's: names that begin so never reach a trainer.
ORCHESTRATOR_INSTANCE_KEY=$(cat /etc/orchestrator-sshd/key 2>/dev/null)
# Containers that an older release began have it in their environment.
ORCHESTRATOR_INSTANCE_KEY=${ORCHESTRATOR_INSTANCE_KEY:-${CONTAINER_API_KEY:-${RUNPOD_API_KEY:-}}}
export ORCHESTRATOR_INSTANCE_KEY
unset CONTAINER_API_KEY RUNPOD_API_KEY
[ -n "$ORCHESTRATOR_INSTANCE_KEY" ] && keyless= || keyless=" keyless"
if [ -n "${6:-}" ] && ! words=$("$agent" hand-over --root "$1" --owner "$6" 2>&1 </dev/null); then
  echo "refused the container cannot be handed over: $words"
  exit 0
fi
"$agent" alive --root "$1" </dev/null 2>/dev/null
case $? in
  0) echo "up$keyless"; exit 0 ;;
  1) ;;
  *) echo "refused it cannot be told whether the agent runs"; exit 0 ;;
esac
cd "$(cat /etc/orchestrator-sshd/folder 2>/dev/null)" 2>/dev/null || cd /
if words=$("$3/orchestrator-agent" supervise --root "$1" --label "$2" ${6:+--owner "$6"} --container --detach 2>&1 </dev/null); then
  echo "begun$keyless"
else
  echo "refused the agent does not start: $words"
fi
exit 0
}
