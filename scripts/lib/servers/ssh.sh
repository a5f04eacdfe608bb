# An SSH daemon for the current user on a free port, with host and user keys of its own. FOLDER/env says where.
ssh_start() { # ssh_start FOLDER
  local folder
  folder=$(realpath -m "$1")
  if is_running "$folder" sshd; then return 0; fi
  need_commands sshd=openssh-server ssh=openssh-client python3=python3
  rm -rf "$folder"
  mkdir -p "$folder"
  timed "SSH daemon started" ssh_begin "$folder"
}

ssh_begin() {
  local folder=$1 port sshd
  port=$(free_ports 1)
  sshd=$(PATH=$PATH:/usr/sbin command -v sshd)
  ssh-keygen -q -t ed25519 -N '' -f "$folder/host_key"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/user_key"
  cp "$folder/user_key.pub" "$folder/authorized_keys"
  [ "$(id -u)" != 0 ] || mkdir -p /run/sshd # its own package makes it at boot only
  cat >"$folder/sshd_config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
MaxStartups 100
END
  detach "$folder" sshd "$sshd" -D -e -f "$folder/sshd_config"
  wait_for_server "$folder" sshd answers "$port" || {
    ssh_stop "$folder"
    return 1
  }
  printf '%s\n' "SSH_PORT=$port" "SSH_USER=$(id -un)" "SSH_KEY=$folder/user_key" "SSH_HOST_KEY=$folder/host_key.pub" >"$folder/env"
}

ssh_stop() { stop_process "$1" sshd; }
