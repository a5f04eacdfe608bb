# Real servers for tests that need more than the product starts by itself: an S3 store (Ceph's RADOS Gateway), a Docker
# daemon, an SSH daemon, base images. Sourced after common.sh and packages.sh; scripts/test-servers is its command line.
# Each function starts only what it is asked for and is not there yet; each *_stop ends only what its *_start began, found
# by what was written down then (process id and start time). All of it listens on loopback or on unix sockets.

source "$root/scripts/lib/mirrors.sh"

servers=$artifacts/servers
ceph=$artifacts/ceph # the S3 of Debian 12's own Ceph 16 and of trixie's 18 is too old for what we rely on

# Says how long it took, on the error stream.
timed() { # timed WHAT COMMAND...
  local what=$1 began=$EPOCHREALTIME
  shift
  "$@"
  awk -v what="$what" -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN {printf "%s: %.1f s\n", what, ended - began}' >&2
}

# Installs the packages whose commands are missing.
need_commands() { # need_commands COMMAND=PACKAGE...
  local pair missing=()
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  install_packages "${missing[@]}"
}

free_ports() { # free_ports N: so many, one a line, all different
  python3 - "$1" <<'END'
import socket, sys
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print("\n".join(str(one.getsockname()[1]) for one in held))
END
}

# -- processes that were started here

start_time() { sed -n 's/^.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# Starts a command that outlives us and keeps none of our descriptors; its log and its identity lie in the folder.
detach() { # detach FOLDER NAME COMMAND...
  local folder=$1 name=$2 pid
  shift 2
  (
    close_descriptors
    exec setsid "$@" </dev/null >>"$folder/$name.log" 2>&1
  ) &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$folder/$name.process"
}

is_running() { # is_running FOLDER NAME
  local pid started
  read -r pid started 2>/dev/null <"$1/$2.process" || return 1
  [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ]
}

stop_process() { # stop_process FOLDER NAME: politely, after ten seconds not
  local pid rest tries
  if is_running "$1" "$2"; then
    read -r pid rest <"$1/$2.process"
    kill "$pid" 2>/dev/null || true
    for tries in {1..100}; do
      is_running "$1" "$2" || break
      sleep 0.1
      [ "$tries" != 100 ] || kill -9 "$pid" 2>/dev/null || true
    done
  fi
  rm -f "$1/$2.process"
}

wait_for_server() { # wait_for_server FOLDER NAME CONDITION...: a minute at most, and only while it runs
  local folder=$1 name=$2 until=$((SECONDS + 60))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ! is_running "$folder" "$name" || [ "$SECONDS" -gt "$until" ]; then
      say "$name did not come up; the end of $folder/$name.log:"
      tail -n 15 "$folder/$name.log" >&2
      return 1
    fi
    sleep 0.1
  done
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# -- S3: Ceph, unpacked into artifacts/ and not installed

ceph_run() { # ceph_run PROGRAM ARGUMENT...: with its own loader and libraries
  "${ceph_loader[@]}" "$ceph/root/usr/bin/$1" "${@:2}"
}

# One S3 store, HTTP and HTTPS (with a private CA), objects in memory. FOLDER/env holds what a client needs.
s3_start() { # s3_start FOLDER
  local folder
  folder=$(realpath -m "$1")
  if is_running "$folder" radosgw; then return 0; fi
  need_commands openssl=openssl python3=python3
  timed "Ceph unpacked" "$root/scripts/lib/ceph-fetch.sh" "$ceph"
  timed "S3 store started" s3_begin "$folder" || {
    s3_stop "$folder"
    return 1
  }
}

s3_begin() {
  local folder=$1 library=$ceph/root/usr/lib/x86_64-linux-gnu http https monitor monitor_name fsid osd key
  ceph_loader=("$ceph/root/lib64/ld-linux-x86-64.so.2" --library-path "$library:$library/ceph")
  rm -rf "$folder"
  mkdir -p "$folder"/{mon,osd,tls}
  { read -r http && read -r https && read -r monitor; } < <(free_ports 3)
  s3_certificates "$folder/tls"
  fsid=$(cat /proc/sys/kernel/random/uuid)
  osd=$(cat /proc/sys/kernel/random/uuid)
  s3_configuration >"$folder/ceph.conf"
  {
    key=$(ceph_run ceph-authtool --gen-print-key)
    ceph_run ceph-authtool --create-keyring "$folder/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
    ceph_run ceph-authtool "$folder/keyring" --gen-key -n client.rgw --cap mon 'allow rw' --cap osd 'allow rwx'
    ceph_run ceph-authtool --create-keyring "$folder/osd/keyring" -n osd.0 --add-key "$key" --cap mon 'allow profile osd' --cap osd 'allow *'
    ceph_run ceph-authtool --create-keyring "$folder/mon.keyring" --gen-key -n mon. --cap mon 'allow *'
    ceph_run ceph-authtool "$folder/mon.keyring" --import-keyring "$folder/keyring"
    ceph_run ceph-authtool "$folder/mon.keyring" --import-keyring "$folder/osd/keyring"
    ceph_run monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor]" "$folder/monmap"
    # The one disk stands in the first map, so that nothing has to announce it.
    ceph_run osdmaptool -c "$folder/ceph.conf" --clobber --createsimple 1 "$folder/osdmap"
    ceph_run ceph-mon -c "$folder/ceph.conf" --mkfs -i a --monmap "$folder/monmap" --osdmap "$folder/osdmap" --keyring "$folder/mon.keyring"
  } >"$folder/setup.log" 2>&1 || {
    tail -n 15 "$folder/setup.log" >&2
    return 1
  }
  detach "$folder" ceph-mon "${ceph_loader[@]}" "$ceph/root/usr/bin/ceph-mon" -c "$folder/ceph.conf" -i a -f
  wait_for_server "$folder" ceph-mon answers "$monitor" || return 1
  ceph_run ceph-osd -c "$folder/ceph.conf" -i 0 --mkfs --osd-uuid "$osd" >>"$folder/setup.log" 2>&1 || return 1
  detach "$folder" ceph-osd "${ceph_loader[@]}" "$ceph/root/usr/bin/ceph-osd" -c "$folder/ceph.conf" -i 0 -f
  detach "$folder" radosgw "${ceph_loader[@]}" "$ceph/root/usr/bin/radosgw" -c "$folder/ceph.conf" -n client.rgw -f
  wait_for_server "$folder" radosgw answers "$https" || return 1
  ceph_run radosgw-admin -c "$folder/ceph.conf" -n client.rgw user create --uid=test --display-name=test \
    --access-key=testaccesskey --secret-key=testsecretkey0123456789 --caps='roles=*;user-policy=*' >>"$folder/setup.log" 2>&1 || return 1
  cat >"$folder/env" <<END
S3_ENDPOINT=http://127.0.0.1:$http
S3_TLS_ENDPOINT=https://127.0.0.1:$https
S3_CA=$folder/tls/ca.pem
S3_ACCESS_KEY=testaccesskey
S3_SECRET_KEY=testsecretkey0123456789
S3_REGION=us-east-1
END
}

# A CA that exists for this store only, and its certificate for the loopback names.
s3_certificates() { # s3_certificates FOLDER
  local folder=$1
  {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj '/CN=private CA of a test' \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -keyout "$folder/ca.key" -out "$folder/ca.pem" &&
      openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=localhost' -keyout "$folder/server.key" -out "$folder/server.csr" &&
      openssl x509 -req -in "$folder/server.csr" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -CAcreateserial -days 30 -out "$folder/server.pem" \
        -extfile <(printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n')
  } >"$folder/openssl.log" 2>&1 || {
    cat "$folder/openssl.log" >&2
    return 1
  }
}

s3_configuration() { # of s3_begin's variables
  cat <<END
[global]
fsid = $fsid
mon host = [v2:127.0.0.1:$monitor]
public network = 127.0.0.0/8
keyring = $folder/keyring
run dir = $folder
admin socket =
log file = $folder/\$name.ceph.log
crash dir = $folder
plugin dir = $library/ceph
erasure code dir = $library/ceph/erasure-code
osd class dir = $ceph/root/usr/lib/x86_64-linux-gnu/rados-classes
ms bind ipv6 = false
ms bind msgr1 = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pgp num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 2000
paxos propose interval = 0.02
paxos min wait = 0.01
[mon.a]
mon data = $folder/mon
mon cluster log file = $folder/cluster.log
[osd.0]
keyring = $folder/osd/keyring
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 17179869184
osd memory target = 939524096
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$http ssl_endpoint=127.0.0.1:$https ssl_certificate=$folder/tls/server.pem ssl_private_key=$folder/tls/server.key
rgw data = $folder
END
}

s3_stop() { # s3_stop FOLDER
  local name
  for name in radosgw ceph-osd ceph-mon; do stop_process "$1" "$name"; done
}

# -- Docker

docker_answers() { docker version >/dev/null 2>&1; }

# A daemon on the usual socket, unless one answers there already (which then is nobody's to stop).
docker_start() { # docker_start FOLDER: images and containers lie in it
  local folder
  folder=$(realpath -m "$1")
  need_commands dockerd=docker.io docker=docker.io containerd=containerd
  if docker_answers; then return 0; fi
  [ "$(id -u)" = 0 ] || die 2 "no Docker daemon answers, and only root can start one"
  mkdir -p "$folder/data" "$folder/run"
  timed "Docker daemon started" docker_begin "$folder"
}

docker_begin() {
  detach "$1" dockerd env "PATH=$PATH:/usr/sbin:/sbin" dockerd --data-root "$1/data" --exec-root "$1/run" --pidfile "$1/dockerd.pid"
  wait_for_server "$1" dockerd docker_answers || {
    docker_stop "$1"
    return 1
  }
}

docker_stop() { stop_process "$1" dockerd; }

# -- SSH

# A daemon for the current user on a free port, with host and user keys of its own. FOLDER/env says where.
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

# -- Images, made from Debian packages: nothing is pulled

image_minimal() { image_build orchestrator-test/debian:12 python3; }

# Debian 12 with some packages, as a Docker image; the archive is kept, and imported again where the daemon lacks it.
image_build() { # image_build NAME PACKAGE,PACKAGE...
  local name=$1 packages=$2 file
  file=$servers/images/${1//[\/:]/-}.tar
  if docker image inspect "$name" >/dev/null 2>&1; then return 0; fi
  [ "$(id -u)" = 0 ] || die 2 "only root can build the image $name"
  need_commands debootstrap=debootstrap
  mkdir -p "$servers/images"
  [ -e "$file" ] || timed "$name built" image_debootstrap "$file" "$packages"
  timed "$name imported" docker import --change 'CMD ["/bin/sh"]' "$file" "$name" >&2
}

image_debootstrap() { # image_debootstrap FILE PACKAGES
  local file=$1 tree=$1.tree
  rm -rf "$tree"
  if ! run_logged "$file.log" debootstrap --variant=minbase --include="$2" bookworm "$tree" "$(debian_mirrors | head -n 1)"; then
    rm -rf "$tree"
    return 1
  fi
  rm -rf "$tree"/var/cache/apt/archives/*.deb "$tree"/var/lib/apt/lists/* "$tree"/usr/share/{doc,man,locale}
  tar -C "$tree" -cf "$file.new" . && mv "$file.new" "$file"
  rm -rf "$tree"
}
