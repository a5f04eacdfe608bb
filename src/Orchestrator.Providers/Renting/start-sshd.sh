# $1: the host key (PEM), $2: the line of authorized_keys, $3: the port, $4: where a DELETE ends this instance, its id written ID, $5: seconds.
# It is run anew with every start of the container, so each step may find itself done.
key=$1 login=$2 port=$3 end=$4 alone=$5
umask 077
# A folder of our own: the image's sshd configuration stays as it is, and is not asked.
d=/etc/orchestrator-sshd
mkdir -p "$d" /run/sshd /var/lib/orchestrator
chmod 755 /run/sshd
echo "$key" >"$d/host"
echo "$login" >"$d/login"
# What the image and the provider set: a session of sshd sees none of it.
# The key that ends this instance lies apart: it is the agent's.
echo "${CONTAINER_API_KEY:-${RUNPOD_API_KEY:-}}" >"$d/key"
(unset CONTAINER_API_KEY RUNPOD_API_KEY; export -p >"$d/environment")
pwd >"$d/folder"
find_sshd() {
    for s in /usr/sbin/sshd /usr/local/sbin/sshd /usr/bin/sshd /sbin/sshd; do
        [ -x "$s" ] && return 0
    done
    return 1
}
# $1: the package.
fetch() {
    if command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update && apt-get -qq install -y --no-install-recommends "$1" ca-certificates
    elif command -v apk >/dev/null; then
        apk add --no-cache "$1"
    elif command -v zypper >/dev/null; then
        # Its option that asks nobody comes before the command.
        zypper --non-interactive install "$1"
    else
        for m in dnf microdnf yum; do
            command -v $m >/dev/null && $m -y install "$1" && return
        done
    fi
}
# Until our agent holds a lease, nothing else ends this instance should whoever rented it be gone.
# A key on a command line could be read by others, so it goes in another way.
ask_end() {
    command -v curl || command -v python3 || fetch curl
    if command -v curl; then
        echo "header = \"Authorization: Bearer $(cat "$d/key")\"" | curl -sS -m 60 -K - -X DELETE -A orchestrator -H 'Content-Type: application/json' -d '{}' "$end"
    else
        python3 -c 'import sys,urllib.request as r
r.urlopen(r.Request(sys.argv[1],b"{}",{"Authorization":"Bearer "+sys.stdin.readline().strip(),"User-Agent":"orchestrator","Content-Type":"application/json"},method="DELETE"),timeout=60)' "$end" <"$d/key"
    fi
}
# Once for the time in which nobody has come; four times as long for a lease that nobody renews any more, since whoever held it should have ended this by then.
end_alone() {
    idle=0
    : >"$d/looked"
    while sleep "$alone"; do
        idle=$((idle + 1))
        [ ! "$lease" -nt "$d/looked" ] || idle=0
        : >"$d/looked"
        [ ! -e "$lease" ] || [ $idle -ge 4 ] || continue
        until [ "$lease" -nt "$d/looked" ]; do
            echo "orchestrator: nobody has come for $alone s, this instance ends itself"
            ask_end
            sleep 60
        done
    done
}
lease=/var/lib/orchestrator/instance/agent/lease.json
# Of an agent that ended with the container.
rm -f "$lease"
id=${CONTAINER_ID:-${RUNPOD_POD_ID:-}}
end=${end%%ID*}$id${end#*ID}
[ -z "$id" ] || [ -z "$(cat "$d/key")" ] || end_alone >"$d/end.log" 2>&1 &
# A mirror may fail for a moment; a container that ends at once is only started again and again.
until find_sshd; do
    fetch openssh-server >"$d/install.log" 2>&1
    find_sshd || { echo "orchestrator: this image has no sshd, and it cannot be installed"; cat "$d/install.log"; sleep 20; }
done
# Privilege separation wants this user; images that bring sshd alone lack it.
case "$(cat /etc/passwd)" in
    *sshd:x:*) ;;
    *) echo 'sshd:x:7423:7423::/run/sshd:/usr/sbin/nologin' >>/etc/passwd ;;
esac
cat >"$d/config" <<END
Port $port
HostKey $d/host
AuthorizedKeysFile $d/login
PidFile none
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowUsers root
StrictModes no
AllowTcpForwarding yes
MaxStartups 50
MaxSessions 50
ClientAliveInterval 30
PrintMotd no
END
# Were it the first process itself, its end would end the training.
while :; do
    "$s" -D -e -f "$d/config"
    echo "orchestrator: sshd ended ($?), starting it again"
    sleep 2
done
