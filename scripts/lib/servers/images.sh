# Docker images made from this machine's Debian mirror: nothing is pulled. Each is kept as an archive in artifacts/images,
# and imported again where the daemon lacks it.
#   minimal  a shell and what Debian calls essential
#   machine  what a rented machine has: sshd, sudo and the docker command, no daemon (its containers are siblings on ours)
#   cloud    the same as a machine of an emulated cloud: with a user ubuntu, a cloud-init that tells of the first boot, and what stands in for a
#            driver, as in the next one
#   rented   what runs at an emulated cloud: sshd, Python, and what a driver would bring, which answers for one RTX 4090. Where the file
#            /etc/card-fails is, its card fails; where /etc/cuda-fails is, nvidia-smi finds it well and no program can use it.
#   torch    Python 3 with PyTorch and NumPy, as Debian builds them for CPUs
#   bare-debian, bare-ubuntu  what images for training have at least: a shell and apt, no sshd

source "$root/scripts/lib/mirrors.sh"

# Raised with every change of what is installed below, so that no kept archive is taken for the new one.
images_version=7

image_name() { printf 'orchestrator-test/%s:12-%s' "$1" "$images_version"; }

image_packages() { # image_packages KIND: what is installed besides the essential packages, one a line
  case $1 in
    minimal | bare-debian | bare-ubuntu) ;;
    machine) printf '%s\n' openssh-server docker.io sudo ;;
    cloud) printf '%s\n' openssh-server docker.io sudo python3 ;;
    rented) printf '%s\n' openssh-server python3 ;;
    torch) printf '%s\n' python3-torch python3-numpy ;;
    *) die 2 "there is no image $1" ;;
  esac
}

# Never unpacked. Debian's PyTorch is linked with a computer vision library, which brings a desktop: what that would load
# only when it shows a window (a graphics driver's compiler, maps of the earth, fonts) is half of the image.
image_leaves_out() { # image_leaves_out KIND: patterns of dpkg's path-exclude, one a line
  printf '%s\n' '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/locale/*' '/usr/share/info/*' '/usr/share/icons/*'
  case $1 in
    machine | cloud) printf '%s\n' /usr/sbin/dockerd '/usr/bin/containerd*' /usr/bin/ctr /usr/sbin/runc ;;
    torch)
      local library=/usr/lib/x86_64-linux-gnu
      printf '%s\n' "$library/libLLVM*" "$library/libz3*" "$library/dri/*" "$library/mfx/*" '/usr/share/proj/*' '/usr/share/fonts/*' \
        '/usr/share/iso-codes/*' '/usr/share/xml/*' '/usr/include/*' '/usr/lib/libtorch-test/*' '*/dist-packages/torch/bin/test_*' \
        '*/dist-packages/torch/include/*' '*/dist-packages/*/tests/*'
      ;;
  esac
}

# As mmdebstrap's arguments: variant, suite and mirror.
image_origin() { # image_origin KIND: one a line
  case $1 in
    bare-debian) printf '%s\n' --variant=apt bookworm "$(debian_mirrors | head -n 1)" ;;
    bare-ubuntu) printf '%s\n' --variant=apt noble "deb [signed-by=$artifacts/images/ubuntu-keyring.gpg] $(ubuntu_mirror) noble main" ;;
    *) printf '%s\n' --variant=essential bookworm "$(debian_mirrors | head -n 1)" ;;
  esac
}

# The archive of an image, made when it is not there; needs no daemon.
image_archive() { # image_archive KIND
  [ "$(id -u)" = 0 ] || die 2 "only root can build the image $1"
  mkdir -p "$artifacts/images"
  one_at_a_time "archive-$1" image_build_once "$1" "$artifacts/images/$1-$images_version.tar"
}

image_build_once() { # image_build_once KIND FILE
  [ ! -e "$2" ] || return 0
  need_commands mmdebstrap=mmdebstrap
  timed "image $1 built" image_build "$1" "$2"
}

image_build() { # image_build KIND FILE
  local kind=$1 file=$2 options=() origin line
  while read -r line; do options+=("--dpkgopt=path-exclude=$line"); done < <(image_leaves_out "$kind")
  while read -r line; do options+=("--include=$line"); done < <(image_packages "$kind")
  # Bytecode of exactly what an import needs, instead of all that is installed.
  if [ "$kind" = torch ]; then
    options+=(--essential-hook='chroot "$1" dpkg-divert --quiet --local --rename --divert /usr/bin/py3compile.real /usr/bin/py3compile; ln -s true "$1/usr/bin/py3compile"'
      --customize-hook='chroot "$1" python3 -c "import numpy, torch"')
  fi
  if [ "$kind" = cloud ]; then
    options+=("--customize-hook=cp '$root/scripts/lib/servers/cloud-init' \"\$1/usr/bin/cloud-init\" && chroot \"\$1\" useradd --create-home --shell /bin/sh --password '*' ubuntu"
      # The first boot has the driver's toolkit told of Docker, which is not on this machine.
      '--customize-hook=ln -s true "$1/usr/bin/nvidia-ctk" && ln -s true "$1/usr/bin/systemctl"')
  fi
  if [ "$kind" = rented ] || [ "$kind" = cloud ]; then
    need_commands cc=gcc
    options+=("--customize-hook=cp '$root/scripts/lib/servers/nvidia-smi' \"\$1/usr/bin/nvidia-smi\" && cc -shared -fPIC -O2 -o \"\$1/usr/lib/x86_64-linux-gnu/libcuda.so.1\" '$root/scripts/lib/servers/libcuda.c'")
  fi
  if [ "$kind" = bare-ubuntu ]; then
    ubuntu_keyring "$artifacts/images/ubuntu-keyring.gpg" || return 1
    options+=("--customize-hook=echo 'deb $(ubuntu_mirror) noble main' >\"\$1/etc/apt/sources.list\"")
  fi
  mapfile -t origin < <(image_origin "$kind")
  # Not in $TMPDIR, which may be small, and through no compressor.
  TMPDIR=$artifacts/images run_logged "$file.log" mmdebstrap --mode=root --format=tar --dpkgopt=force-unsafe-io \
    "${options[@]}" "${origin[0]}" "${origin[1]}" "$file.new" "${origin[2]}" && mv "$file.new" "$file"
}

image_load() { # image_load KIND: the daemon has it afterwards
  local name archive=$artifacts/images/$1-$images_version.tar
  name=$(image_name "$1")
  one_at_a_time daemon daemon_start "$servers/daemon"
  if docker image inspect "$name" >/dev/null 2>&1; then return 0; fi
  image_archive "$1"
  timed "$name imported" docker import --change 'CMD ["/bin/sh"]' "$archive" "$name" >/dev/null
  say "$name: $(($(docker image inspect --format '{{.Size}}' "$name") / 1000000)) MB"
}

# An image as a registry's own, so that a spec can name it: NAME is HOST/KIND:TAG. Docker compresses what is not there yet.
image_push() { # image_push KIND NAME
  docker tag "$(image_name "$1")" "$2" || return
  timed "$2 pushed" run_logged "$servers/push.log" docker push --quiet "$2"
}
