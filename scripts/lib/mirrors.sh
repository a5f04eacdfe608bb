# Where Debian's packages are fetched from. Sourced.

# Where this machine's apt fetches from, read from its configuration; asks nobody.
debian_mirrors() {
  local lists
  if [ -n "${ORCHESTRATOR_DEBIAN_MIRROR:-}" ]; then
    printf '%s\n' "${ORCHESTRATOR_DEBIAN_MIRROR%/}"
    return 0
  fi
  lists=$(mktemp -d)
  apt-get -o Dir::State::lists="$lists" -o Debug::NoLocking=1 update --print-uris | sed -n "s#^'\(.*\)/dists/.*#\1#p" | awk '!seen[$0]++'
  rm -rf "$lists"
}

ubuntu_mirror() { printf '%s\n' "${ORCHESTRATOR_UBUNTU_MIRROR:-http://archive.ubuntu.com/ubuntu}"; }

# The keys that Ubuntu's archive is signed with, which Debian has no package of: from the archive, and of a known sum.
ubuntu_keyring() { # ubuntu_keyring FILE: made when it is not there
  [ ! -e "$1" ] || return 0
  local package=$1.deb
  python3 -c 'import shutil, sys, urllib.request; shutil.copyfileobj(urllib.request.urlopen(sys.argv[1], timeout=60), open(sys.argv[2], "wb"))' \
    "$(ubuntu_mirror)/pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb" "$package" || return 1
  echo "36de43b15853ccae0028e9a767613770c704833f82586f28eb262f0311adb8a8  $package" | sha256sum --check --quiet || return 1
  dpkg-deb --fsys-tarfile "$package" | tar -x -O ./usr/share/keyrings/ubuntu-archive-keyring.gpg >"$1.new" && mv "$1.new" "$1" && rm "$package"
}
