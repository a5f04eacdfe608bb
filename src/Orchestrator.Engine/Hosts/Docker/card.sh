# $1 = an instance's root on this machine. Prints "begun" when its container was started once, "gone" when the instance is on nobody's
# books, else "fresh", the id of our folder and the instance's GPUs, with tabs between.
{
root=$1 instance=${1%/*}
if [ -f "$root/agent/supervisor.json" ]; then echo begun
elif [ ! -f "$instance/gpus" ] || [ -e "$instance/terminating" ]; then echo gone
else printf 'fresh\t%s\t%s\n' "$(cat "${instance%/instances/*}/id")" "$(cat "$instance/gpus")"; fi
exit 0
}
