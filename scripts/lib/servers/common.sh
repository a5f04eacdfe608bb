# Real servers for tests that need more than the product starts by itself. Sourced after common.sh and packages.sh, before
# the files beside it, one per server; scripts/test-servers is their command line.
# Each *_start starts only what is not there yet, and leaves in FOLDER/env what a client needs; each *_stop ends only what
# its *_start began, found by what was written down then. All of it listens on loopback or on unix sockets.

servers=$artifacts/servers

# Says how long it took, on the error stream.
timed() { # timed WHAT COMMAND...
  local what=$1 began=$EPOCHREALTIME
  shift
  "$@" || return
  awk -v what="$what" -v began="$began" -v ended="$EPOCHREALTIME" 'BEGIN {printf "%s: %.1f s\n", what, ended - began}' >&2
}

# Tests that run side by side ask for the same things.
one_at_a_time() { # one_at_a_time NAME COMMAND...
  local lock=$servers/.$1.lock
  shift
  (
    flock 9
    "$@"
  ) 9>"$lock"
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
  disown "$pid" # its end is no news for whoever runs us
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
