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
