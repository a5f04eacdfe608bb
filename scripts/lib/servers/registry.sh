# A container registry (Debian's docker-registry): plain and open to all as Docker takes it on a loopback address, or private,
# with TLS by an authority of its own and a login. What was pushed is kept: layers are compressed once, not at every start.

registry_start() { # registry_start FOLDER [private]
  local folder
  folder=$(realpath -m "$1")
  if is_running "$folder" registry; then return 0; fi
  need_commands docker-registry=docker-registry htpasswd=apache2-utils python3=python3
  rm -rf "$folder"/{tls,env,*.log}
  mkdir -p "$folder/data"
  timed "registry started" registry_begin "$folder" "${2:-}"
}

registry_begin() {
  local folder=$1 port
  port=$(free_ports 1)
  cat >"$folder/config.yml" <<END
version: 0.1
log: {level: info}
storage:
  filesystem: {rootdirectory: $folder/data}
  delete: {enabled: true}
http:
  addr: 127.0.0.1:$port
END
  printf '%s\n' "REGISTRY=127.0.0.1:$port" >"$folder/env"
  if [ "$2" = private ]; then
    make_certificates "$folder/tls" && htpasswd -Bbn puller pullerpassword >"$folder/htpasswd" || return 1
    cat >>"$folder/config.yml" <<END
  tls: {certificate: $folder/tls/server.pem, key: $folder/tls/server.key}
auth:
  htpasswd: {realm: test, path: $folder/htpasswd}
END
    printf '%s\n' "REGISTRY_CA=$folder/tls/ca.pem" REGISTRY_USER=puller REGISTRY_PASSWORD=pullerpassword >>"$folder/env"
  fi
  detach "$folder" registry docker-registry serve "$folder/config.yml"
  wait_for_server "$folder" registry answers "$port" || {
    registry_stop "$folder"
    return 1
  }
}

registry_stop() { stop_process "$1" registry; }

private_registry_start() { registry_start "$1" private; }

private_registry_stop() { registry_stop "$1"; }
