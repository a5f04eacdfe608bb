# A "machine" to rent: a container with an sshd on a loopback address and a port of its own, and with our daemon's socket.
# What it starts with `docker` runs beside it, so that killing the machine leaves its containers alive (zombies), as a cut
# network would. Its folder has the same path on both sides: what a sibling mounts from it is what the machine sees.

machine_name() { printf 'orchestrator-machine-%s' "$(basename "$1")"; }

# Any address of 127.0.0.0/8 is ours; which one follows from the name, and ports differ anyway.
machine_address() { printf '127.0.1.%d' $(($(cksum <<<"$1" | cut -d' ' -f1) % 250 + 2)); }

machine_answers() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

machine_runs() { [ "$(docker inspect --format '{{.State.Running}}' "$1" 2>/dev/null)" = true ]; }

machine_start() { # machine_start FOLDER, whose last part is the machine's name
  local folder name
  folder=$(realpath -m "$1")
  name=$(machine_name "$folder")
  need_commands ssh-keygen=openssh-client python3=python3
  one_at_a_time image image_load machine
  if machine_runs "$name"; then return 0; fi
  # As the next tenant finds it: with another host key, and empty.
  docker rm --force "$name" >/dev/null 2>&1 || true
  rm -rf "$folder"
  mkdir -p "$folder/root"
  timed "machine $(basename "$folder") started" machine_begin "$folder" "$name"
}

machine_begin() {
  local folder=$1 name=$2 ip port until
  ip=$(machine_address "$(basename "$folder")")
  port=$(free_ports 1)
  ssh-keygen -q -t ed25519 -N '' -f "$folder/host_key" && ssh-keygen -q -t ed25519 -N '' -f "$folder/user_key" &&
    cp "$folder/user_key.pub" "$folder/authorized_keys" || return 1
  cat >"$folder/sshd_config" <<END
Port $port
ListenAddress $ip
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AllowTcpForwarding yes
MaxStartups 100
END
  docker run --detach --name "$name" --label orchestrator.test-machine="$(basename "$folder")" --network host \
    --volume "$folder:$folder" --volume "$daemon_socket:/var/run/docker.sock" "$(image_name machine)" \
    /bin/sh -c "mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e -f '$folder/sshd_config'" >"$folder/docker.log" 2>&1 || {
    cat "$folder/docker.log" >&2
    return 1
  }
  until=$((SECONDS + 60))
  until machine_answers "$ip" "$port"; do
    if ! machine_runs "$name" || [ "$SECONDS" -gt "$until" ]; then
      say "the machine $name did not come up; it said:"
      docker logs --tail 15 "$name" >&2
      return 1
    fi
    sleep 0.1
  done
  cat >"$folder/env" <<END
MACHINE_CONTAINER=$name
MACHINE_ADDRESS=$ip
MACHINE_PORT=$port
MACHINE_USER=root
MACHINE_KEY=$folder/user_key
MACHINE_HOST_KEY=$folder/host_key.pub
MACHINE_ROOT=$folder/root
END
}

# The machine, and what it started beside itself: that mounts the machine's folder.
machine_stop() { # machine_stop FOLDER
  local folder container
  folder=$(realpath -m "$1")
  is_running "$servers/daemon" dockerd || return 0
  for container in $(docker ps --all --quiet); do
    if docker inspect --format '{{range .Mounts}}{{println .Source}}{{end}}' "$container" 2>/dev/null | grep -qE "^$folder(/|\$)"; then
      docker rm --force "$container" >/dev/null 2>&1 || true
    fi
  done
}
