# Stands before the scripts that ask Docker.
# docker_run SECONDS ARGUMENT...: the docker command, by sudo where this user may not use the daemon's socket. A daemon that hangs
# costs the seconds. 127 = there is none here.
docker_run() {
  command -v docker >/dev/null 2>&1 || { echo "there is no docker command" >&2; return 127; }
  patience=$1 socket=/var/run/docker.sock by=
  shift
  case ${DOCKER_HOST-} in
    unix://*) socket=${DOCKER_HOST#unix://} ;;
    ?*) socket= ;;
  esac
  if command -v timeout >/dev/null 2>&1; then by="timeout -k 2 $patience"; fi
  # Outside: what sudo starts is root's, and a timeout of this user's could not end it.
  # Where sudo is for docker alone, only the connection's end bounds it.
  if [ -S "$socket" ] && [ ! -w "$socket" ]; then
    if sudo -n $by docker --version >/dev/null 2>&1; then by="sudo -n $by"
    elif sudo -n docker --version >/dev/null 2>&1; then by="sudo -n"; fi
  fi
  $by docker "$@" </dev/null
}
