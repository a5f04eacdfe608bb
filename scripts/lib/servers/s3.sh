# An S3 store: Ceph's RADOS Gateway, unpacked into artifacts/ and not installed.

# Debian 12's own Ceph 16 and trixie's 18 are too old for what we rely on.
ceph=${ORCHESTRATOR_CEPH:-$artifacts/ceph}

ceph_run() { # ceph_run PROGRAM ARGUMENT...: with its own loader and libraries
  "${ceph_loader[@]}" "$ceph/root/usr/bin/$1" "${@:2}"
}

# One S3 store, HTTP and HTTPS (with a private CA), objects in memory. FOLDER/env holds what a client needs.
s3_start() { # s3_start FOLDER
  local folder
  folder=$(realpath -m "$1")
  if is_running "$folder" radosgw; then return 0; fi
  need_commands curl=curl python3=python3
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
  make_certificates "$folder/tls"
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
  s3_bucket "http://127.0.0.1:$http/test" >>"$folder/setup.log" 2>&1 || return 1
  cat >"$folder/env" <<END
S3_ENDPOINT=http://127.0.0.1:$http
S3_TLS_ENDPOINT=https://127.0.0.1:$https
S3_CA=$folder/tls/ca.pem
S3_ACCESS_KEY=testaccesskey
S3_SECRET_KEY=testsecretkey0123456789
S3_REGION=us-east-1
S3_BUCKET=test
END
}

s3_bucket() { # s3_bucket URL: makes it; the header is the hash of an empty body
  curl --silent --show-error --fail --request PUT --header 'x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' \
    --aws-sigv4 aws:amz:us-east-1:s3 --user testaccesskey:testsecretkey0123456789 "$1"
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

# All of it lies in memory: there is nothing to be polite for.
s3_stop() { # s3_stop FOLDER
  local name pid rest
  for name in radosgw ceph-osd ceph-mon; do
    if is_running "$1" "$name"; then
      read -r pid rest <"$1/$name.process"
      kill -9 "$pid" 2>/dev/null || true
    fi
    stop_process "$1" "$name"
  done
}
