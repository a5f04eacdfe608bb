# A Docker daemon of our own beside whatever else runs here: its socket, its images and its containers lie in its folder.
# It makes no network devices and no firewall rules: containers have the machine's network (--network host) or none.

daemon_socket=$servers/daemon/docker.sock
export DOCKER_HOST=unix://$daemon_socket

daemon_start() { # daemon_start FOLDER
  local folder
  folder=$(realpath -m "$1")
  need_commands dockerd=docker.io docker=docker.io containerd=containerd
  if is_running "$folder" dockerd; then return 0; fi
  [ "$(id -u)" = 0 ] || die 2 "only root can start a Docker daemon"
  [ "${#daemon_socket}" -lt 100 ] || die 2 "no unix socket may have a path as long as $daemon_socket; use a clone with a shorter path"
  mkdir -p "$folder/data" "$folder/run"
  timed "Docker daemon started" daemon_begin "$folder"
  printf '%s\n' "DOCKER_HOST=$DOCKER_HOST" >"$folder/env"
}

# Which storage driver the file system allows it finds out by itself. Containers that want GPUs get nothing for it, and start.
daemon_begin() {
  mkdir -p "$1/bin"
  ln -sf /bin/true "$1/bin/nvidia-container-runtime-hook"
  rm -f "$1/dockerd.pid"
  detach "$1" dockerd env "PATH=$1/bin:$PATH:/usr/sbin:/sbin" dockerd --host "$DOCKER_HOST" --data-root "$1/data" --exec-root "$1/run" \
    --pidfile "$1/dockerd.pid" --iptables=false --ip6tables=false --bridge=none
  wait_for_server "$1" dockerd docker version || {
    daemon_stop "$1"
    return 1
  }
}

# Its containers end with it; the names of their networks and a killed one's files would stay mounted.
daemon_stop() { # daemon_stop FOLDER
  local folder place
  folder=$(realpath -m "$1")
  stop_process "$folder" dockerd
  while read -r place; do umount "$place" 2>/dev/null || true; done < <(cut -d' ' -f2 /proc/self/mounts | grep -F "$folder/" | tac)
}
