# Can the agent run here? Read by the host's own shell (POSIX) before anything of ours is there:
#   sh -s -- FOLDER GLIBC MEGABYTES < preflight.sh
# FOLDER will hold the agent and the job, GLIBC is the least version the agent needs, MEGABYTES what must be free.
# Prints one line. Exit codes: 0 fit, 10 processor, 11 musl, 12 glibc, 13 noexec, 14 space, 15 folder.

folder=$1
needed=$2
megabytes=$3

refuse() {
  echo "$2"
  exit "$1"
}

case $(uname -s 2>/dev/null)/$(uname -m 2>/dev/null) in
  Linux/x86_64 | Linux/amd64) ;;
  /) ;; # no uname in this image; a wrong processor shows when the agent is started
  *) refuse 10 "the processor or system is $(uname -s) $(uname -m); the agent is built for Linux on x86_64 only" ;;
esac

loader=/lib64/ld-linux-x86-64.so.2
if [ ! -e $loader ]; then
  for musl in /lib/ld-musl-*; do
    [ ! -e "$musl" ] || refuse 11 "this image has musl instead of glibc (Alpine?); use one based on Debian, Ubuntu or another system with glibc $needed or newer"
  done
  refuse 12 "there is no glibc here ($loader is missing); use an image with glibc $needed or newer"
fi

# Three ways, since slim images lack one or the other. The library itself prints its version when it is run.
found=$(getconf GNU_LIBC_VERSION 2>/dev/null) || found=
[ -n "$found" ] || found=$(ldd --version 2>/dev/null | { read -r line && echo "$line"; })
for library in /lib/x86_64-linux-gnu/libc.so.6 /lib64/libc.so.6 /usr/lib64/libc.so.6 /usr/lib/libc.so.6; do
  [ -z "$found" ] || break
  [ ! -x $library ] || found=$($library 2>/dev/null | { read -r line && line=${line%%stable*} && echo "${line%%,*}"; })
done
# "glibc 2.31", "ldd (Debian GLIBC 2.31-13+deb11u11) 2.31" or "GNU C Library (Debian GLIBC 2.31-13+deb11u11) ": the last number of the form N.N
version=
for word in $found; do
  word=${word%%-*}
  case $word in
    *[!0-9.]* | .* | *. | *.*.*) ;;
    [0-9]*.[0-9]*) version=$word ;;
  esac
done
if [ -n "$version" ]; then
  major=${version%%.*} minor=${version#*.}
  if [ "$major" -lt "${needed%%.*}" ] || { [ "$major" -eq "${needed%%.*}" ] && [ "$minor" -lt "${needed#*.}" ]; }; then
    refuse 12 "glibc is $version here; the agent needs $needed or newer (Ubuntu 20.04, Debian 11)"
  fi
fi

mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] || refuse 15 "$folder cannot be made or written to by $(id -un 2>/dev/null || echo this user)"

free=$(df -Pk "$folder" 2>/dev/null | { read -r heading && read -r device blocks used available rest && echo "$available"; })
case $free in
  '' | *[!0-9]*) ;; # no df in this image; a full disk shows when the agent is copied
  *) [ $((free / 1024)) -ge "$megabytes" ] || refuse 14 "only $((free / 1024)) MB are free where $folder lies; $megabytes MB are needed" ;;
esac

probe=$folder/.orchestrator-probe.$$
if printf '#!/bin/sh\nexit 0\n' >"$probe" 2>/dev/null && chmod +x "$probe"; then
  "$probe" 2>/dev/null
  code=$?
  rm -f "$probe"
  [ $code -eq 0 ] || refuse 13 "programs cannot be run from $folder (is it mounted noexec?); choose another folder for the machine"
else
  rm -f "$probe"
  refuse 14 "nothing can be written to $folder (is the disk full?)"
fi

echo "fit: glibc ${version:-of an unknown version}, ${free:+$((free / 1024)) MB free in }$folder"
