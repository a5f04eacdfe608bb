# Is what we rented what was offered, before any data moves? $1 = our folder, $2 = how many GPUs, $3 = least memory of each in MiB, $4 = least
# size of the disk in MiB (0 = not known). Prints "refused WORDS", or "fit" and what was seen. What an image lacks is not asked: it may be no more than a shell.
{
folder=$1 gpus=$2 memory=$3 disk=$4 facts=
out=$folder/.probe.$$
trap 'rm -f "$out" "$out.data"' EXIT
refuse() { echo "refused $*"; exit 0; }
write() {
  now
  began=$up
  said=$(dd if=/dev/zero of="$out.data" bs=1048576 count=32 conv=fsync 2>&1) || { echo "$said"; return 1; }
  now
  echo "in $(((up - began) * 10)) ms"
}

if [ "$gpus" -gt 0 ] && command -v nvidia-smi >/dev/null 2>&1; then
  within 30 nvidia-smi --query-gpu=memory.total,driver_version --format=csv,noheader,nounits
  case $? in
    0) ;;
    124) refuse "nvidia-smi does not answer within 30 s: the driver hangs" ;;
    *) refuse "nvidia-smi fails: $(words)" ;;
  esac
  seen=0 driver=
  while IFS=', ' read -r mib version; do
    seen=$((seen + 1)) driver=$version
    case $mib in
      '' | *[!0-9]*) ;;
      *) [ "$mib" -ge "$memory" ] || refuse "a GPU has $mib MiB of memory, the offer's have $memory at least" ;;
    esac
  done <"$out"
  [ "$seen" -ge "$gpus" ] || refuse "$seen GPUs answer, $gpus were offered"
  facts="$seen GPUs, driver $driver"

  # An image is built for a CUDA that the driver knows; within one major version an older driver does.
  image=$([ ! -f /etc/orchestrator-sshd/environment ] || . /etc/orchestrator-sshd/environment; echo "${CUDA_VERSION:-}")
  if [ -n "$image" ] && within 30 nvidia-smi; then
    set -f
    set -- $(words)
    while [ $# -gt 2 ] && [ "$1 $2" != "CUDA Version:" ]; do shift; done
    case ${3%%.*}-${image%%.*} in
      *[!0-9]*-* | *-*[!0-9]* | -* | *-) ;;
      *) [ "${3%%.*}" -ge "${image%%.*}" ] || refuse "the image is made for CUDA $image, the driver $driver knows CUDA $3 at most" ;;
    esac
  fi

  # Cards that are listed may refuse to work. Whoever trains has Python, mostly.
  if command -v python3 >/dev/null 2>&1; then
    within 60 python3 -c '
import ctypes, sys
try:
    cuda = ctypes.CDLL("libcuda.so.1")
except OSError:
    print("no CUDA driver library"); sys.exit(0)
def do(name, *arguments):
    code = getattr(cuda, name)(*arguments)
    if code != 0:
        print("%s answers CUDA error %d" % (name, code)); sys.exit(3)
count = ctypes.c_int()
do("cuInit", 0)
do("cuDeviceGetCount", ctypes.byref(count))
if count.value < int(sys.argv[1]):
    print("CUDA sees %d GPUs" % count.value); sys.exit(3)
for number in range(count.value):
    device, context, memory = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_uint64()
    do("cuDeviceGet", ctypes.byref(device), number)
    do("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
    do("cuCtxSetCurrent", context)
    do("cuMemAlloc_v2", ctypes.byref(memory), ctypes.c_size_t(64 << 20))
    do("cuMemFree_v2", memory)
    do("cuDevicePrimaryCtxRelease_v2", device)
print("CUDA memory can be had")
' "$gpus"
    case $? in
      0) facts="$facts, $(words)" ;;
      3) refuse "the GPUs are listed and do not work: $(words)" ;;
      124) refuse "CUDA does not answer within 60 s: the driver hangs" ;;
      *) facts="$facts, CUDA could not be tried ($(words))" ;;
    esac
  fi
fi

# Of the whole disk, since the image may be counted in what is taken of it.
if command -v df >/dev/null 2>&1 && within 30 df -Pk "$folder"; then
  mib=$({ read -r heads; read -r device blocks rest; echo $((blocks / 1024)); } <"$out") || mib=
  case $mib in
    '' | 0 | *[!0-9]*) ;;
    *)
      [ "$mib" -ge "$disk" ] || refuse "the disk has $mib MiB, $disk were ordered at least"
      facts="$facts${facts:+, }disk of $mib MiB"
      ;;
  esac
fi

# A disk that takes this long writes no checkpoint that is worth its time.
if command -v dd >/dev/null 2>&1; then
  within 120 write
  case $? in
    0) facts="$facts${facts:+, }disk takes 32 MiB $(words)" ;;
    124) refuse "the disk does not take 32 MiB within 2 minutes" ;;
    *) refuse "32 MiB cannot be written to $folder: $(words)" ;;
  esac
fi
echo "fit $facts"
exit 0
}
