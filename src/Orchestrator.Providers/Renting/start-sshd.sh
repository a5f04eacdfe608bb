# $1: the host key (PEM), $2: the line of authorized_keys, $3: the port.
# It is run anew with every start of the container, so each step may find itself done.
key=$1 login=$2 port=$3
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
install_sshd() {
    if command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update && apt-get -qq install -y --no-install-recommends openssh-server
    elif command -v apk >/dev/null; then
        apk add --no-cache openssh-server
    elif command -v zypper >/dev/null; then
        # Its option that asks nobody comes before the command.
        zypper --non-interactive install openssh-server
    else
        for m in dnf microdnf yum; do
            command -v $m >/dev/null && $m -y install openssh-server && return
        done
    fi
}
# A mirror may fail for a moment; a container that ends at once is only started again and again.
until find_sshd; do
    install_sshd >"$d/install.log" 2>&1
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
