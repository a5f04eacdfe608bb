# How fast do bytes come from the job's store, and go to it? $1 = our folder, $2 = bytes of the object, $3 = seconds that either may take. The
# signed addresses are in $get and $put, set before this: as an argument of any command, every process of the host could read them. Prints
# one line for the way down: "got MILLISECONDS", "slow BYTES" when the time is over, "failed WORDS" when nothing answers, or "untried WORDS"
# when that tells nothing of the host's network. After "got", one for the way up: "sent MILLISECONDS", "stuck" when the time is over, or
# "unsent WORDS".
{
folder=$1 bytes=$2 seconds=$3
out=$folder/.fetch.$$
trap 'rm -f "$out" "$out.data" "$out.time"' EXIT
umask 077
say() { echo "$*"; exit 0; }
# Of the fields of a long list; wc is not in every image.
arrived() { set -- $(ls -ln "$out.data" 2>/dev/null); echo "${5:-0}"; }

# What comes is noise of ours that nobody uses, so certificates are not asked for: images lack them, and the agent brings its own. Each of
# these notes when it has all; a process that polls would add its pause.
get_by_curl() {
  curl -q -sS -f -k --connect-timeout 10 --max-time "$seconds" -o "$out.data" -K - <<END
url = "$get"
END
}
# It would wait for leave to send.
put_by_curl() {
  curl -q -sS -f -k --connect-timeout 10 --max-time "$seconds" -H Expect: -T "$out.data" -o /dev/null -K - <<END
url = "$put"
END
}
get_by_python() { by_python get "$get"; }
put_by_python() { by_python put "$put"; }
by_python() {
  python3 -c '
import http.client, socket, sys, time, urllib.error, urllib.parse, urllib.request
url, way, path, end = sys.stdin.readline().strip(), sys.argv[1], sys.argv[2], time.monotonic() + int(sys.argv[3])
try:
    import ssl
    trust = ssl._create_unverified_context()
except Exception:
    trust = None
try:
    if way == "put":
        # Nothing but a length: stores refuse a type that the signature does not name, and urllib adds one.
        to = urllib.parse.urlsplit(url)
        line = http.client.HTTPSConnection(to.netloc, timeout=10, context=trust) if to.scheme == "https" else http.client.HTTPConnection(to.netloc, timeout=10)
        with open(path, "rb") as data:
            line.putrequest("PUT", to.path + "?" + to.query)
            line.putheader("Content-Length", str(data.seek(0, 2)))
            line.endheaders()
            data.seek(0)
            while True:
                piece = data.read(65536)
                if not piece:
                    break
                line.send(piece)
                if time.monotonic() > end:
                    sys.exit(28)
        status = line.getresponse().status
        if status >= 300:
            print("status %d" % status); sys.exit(22)
        sys.exit(0)
    with urllib.request.urlopen(url, timeout=10, context=trust) as answer, open(path, "wb") as data:
        while True:
            piece = answer.read(65536)
            if not piece:
                break
            data.write(piece)
            data.flush()
            if time.monotonic() > end:
                sys.exit(28)
except socket.timeout:
    sys.exit(28)
except urllib.error.HTTPError as refused:
    print("status %d" % refused.code); sys.exit(22)
except urllib.error.URLError as failed:
    print(failed.reason); sys.exit(7 if isinstance(failed.reason, OSError) and not type(failed.reason).__name__.startswith("SSL") else 1)
except (OSError, http.client.HTTPException) as cut:
    print(type(cut).__name__, cut); sys.exit(56)
' "$1" "$out.data" "$seconds" <<END
$2
END
}
get_by_wget() {
  wget -q --no-check-certificate --tries=1 --timeout=10 -O "$out.data" -i - <<END
$get
END
}
timed() {
  now
  began=$up
  "$@"
  code=$?
  now
  echo $(((up - began) * 10)) >"$out.time"
  return $code
}

if command -v curl >/dev/null 2>&1; then tool=curl
elif command -v python3 >/dev/null 2>&1; then tool=python
elif command -v wget >/dev/null 2>&1; then tool=wget
else say "untried the image has neither curl nor python3 nor wget"
fi
within $((seconds + 5)) timed get_by_$tool
code=$?
case $tool-$code in
  *-0)
    [ "$(arrived)" -eq "$bytes" ] || say "untried $tool brought $(arrived) bytes of $bytes"
    echo "got $(cat "$out.time")"
    ;;
  *-124) say "slow $(arrived)" ;;
  curl-28 | python-28) [ "$(arrived)" -gt 0 ] && say "slow $(arrived)"; say "failed $(words)" ;;
  curl-6 | curl-7 | curl-18 | curl-52 | curl-55 | curl-56 | python-7 | python-56) say "failed $(words)" ;;
  wget-4) say "failed wget: network failure" ;;
  *) say "untried $tool ends with $code: $(words)" ;;
esac

# What came goes back. Who is cut off in the middle may have been refused by the store, which does not wait for the rest: that tells nothing.
[ $tool != wget ] || say "unsent wget sends a type with it, which is not signed"
within $((seconds + 5)) timed put_by_$tool
code=$?
case $tool-$code in
  *-0) say "sent $(cat "$out.time")" ;;
  *-124 | curl-28 | python-28) say stuck ;;
  *) say "unsent $tool ends with $code: $(words)" ;;
esac
}
