#!/usr/bin/env bash
# scripts/lib/ceph-fetch.sh FOLDER [16]: unpacks the S3 server that the tests use (Ceph 20.2: radosgw, mon, osd) into FOLDER.
# 131 Debian packages, 121 MB, pinned by hash in ceph-packages.txt and fetched from the Debian mirror this machine's apt
# uses. Nothing is installed and root is not needed. Done once: a second call sees that it is there.
# 16: Debian 12's own Ceph 16.2 (62 packages, 74 MB), an awkward store that refuses what newer ones take.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
folder=$(realpath -m "${1:?usage: ceph-fetch.sh FOLDER [16]}")
packages=$here/ceph${2:-}-packages.txt
stamp=$(sha256sum "$packages" | cut -c1-64)
[ "$(cat "$folder/complete" 2>/dev/null)" != "$stamp" ] || exit 0

command -v apt-get >/dev/null && [ "$(dpkg --print-architecture)" = amd64 ] || { echo "ceph-fetch: needs Debian's apt on amd64" >&2; exit 1; }
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -E '/debian/?$' | head -n 1)
[ -n "$mirror" ] || { echo "ceph-fetch: apt knows no Debian mirror" >&2; exit 1; }

mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9
[ "$(cat "$folder/complete" 2>/dev/null)" != "$stamp" ] || exit 0
rm -rf "$folder/debs" "$folder/root" "$folder/complete"
mkdir -p "$folder/debs" "$folder/root"/usr/{bin,sbin,lib,lib64}
for link in bin sbin lib lib64; do ln -s "usr/$link" "$folder/root/$link"; done

# One line for each package: what apt fetches and the hash it must have.
fetch() {
  local hash=${1%% *} path=${1##* }
  /usr/lib/apt/apt-helper -qq -o APT::Sandbox::User= download-file "$mirror/$path" "$folder/debs/$hash.deb" "SHA256:$hash" >/dev/null ||
    { echo "ceph-fetch: $path is not on $mirror any more, or is another file" >&2; return 1; }
}
export -f fetch
export mirror=${mirror%/} folder
xargs -d '\n' -P 4 -I {} bash -c 'fetch "$1"' fetch {} <"$packages"

for deb in "$folder"/debs/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$folder/root" --no-same-owner --keep-directory-symlink \
    --exclude='./usr/share/doc*' --exclude='./usr/share/man*' --exclude='./usr/share/locale*' --exclude='./lib/systemd*'
done
rm -rf "$folder/debs"
echo "$stamp" >"$folder/complete"
