# The entrypoint of our containers: FOLDER GLIBC MEGABYTES COMMAND...; ends with the preflight's exit code where the agent cannot run here.
words=$(/bin/sh /.orchestrator/preflight.sh "$1" "$2" "$3" 2>&1)
code=$?
if [ $code -ne 0 ]; then
  echo "$words"
  exit $code
fi
shift 3
exec "$@"
