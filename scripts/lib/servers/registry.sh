# A container registry (Debian's docker-registry) over TLS with a private authority, behind a login. Docker talks to a
# registry on a loopback address without knowing its authority, so any daemon on this machine can push and pull.

registry_start() { # registry_start FOLDER
  local folder
  folder=$(realpath -m "$1")
  if is_running "$folder" registry; then return 0; fi
  need_commands docker-registry=docker-registry htpasswd=apache2-utils python3=python3
  rm -rf "$folder"
  mkdir -p "$folder/data"
  timed "registry started" registry_begin "$folder"
}

registry_begin() {
  local folder=$1 port
  port=$(free_ports 1)
  make_certificates "$folder/tls" && htpasswd -Bbn puller pullerpassword >"$folder/htpasswd" || return 1
  cat >"$folder/config.yml" <<END
version: 0.1
log: {level: info}
storage:
  filesystem: {rootdirectory: $folder/data}
  delete: {enabled: true}
http:
  addr: 127.0.0.1:$port
  tls: {certificate: $folder/tls/server.pem, key: $folder/tls/server.key}
auth:
  htpasswd: {realm: test, path: $folder/htpasswd}
END
  detach "$folder" registry docker-registry serve "$folder/config.yml"
  wait_for_server "$folder" registry answers "$port" || {
    registry_stop "$folder"
    return 1
  }
  printf '%s\n' "REGISTRY=127.0.0.1:$port" "REGISTRY_CA=$folder/tls/ca.pem" REGISTRY_USER=puller REGISTRY_PASSWORD=pullerpassword >"$folder/env"
}

registry_stop() { stop_process "$1" registry; }
