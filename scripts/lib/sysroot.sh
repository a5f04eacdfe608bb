# The old C library and the static OpenSSL that the agent is linked against. Sourced by common.sh.
# Unpacked without root into artifacts/sysroot/KEY and kept there; nothing is installed and nothing outside is touched.

# Prints the sysroot's folder and makes it when it is not there yet. Where it cannot be had: says why in one line, status 1.
portable_sysroot() {
  local compiler runtime key folder
  [ "$(uname -m)" = x86_64 ] || { say "the agent is linked natively: its portable base is for x86_64 only"; return 1; }
  compiler=$(c_compiler) || return 1
  runtime=$(native_runtime) || return 1
  key=$(cat "$root/scripts/lib/sysroot.pins" "$root/scripts/lib/make-sysroot" <(printf '%s\n' "$compiler" "$runtime") | sha256sum | cut -c1-16)
  folder=$artifacts/sysroot/$key
  if [ ! -e "$folder/complete" ]; then
    rm -rf "$folder"
    if ! "$root/scripts/lib/make-sysroot" "$folder" "$compiler" "$runtime" </dev/null >"$artifacts/sysroot.log" 2>&1; then
      rm -rf "$folder"
      say "the agent is linked natively, for systems like this one and newer: $(tail -n 1 "$artifacts/sysroot.log") (artifacts/sysroot.log; ORCHESTRATOR_DEBIAN_MIRROR may name another mirror)"
      return 1
    fi
    touch "$folder/complete"
    find "$artifacts/sysroot" -mindepth 1 -maxdepth 1 ! -name "$key" -exec rm -rf {} + # of older pins
  fi
  printf '%s\n' "$folder"
}

c_compiler() {
  command -v gcc || command -v clang || { say "the agent cannot be linked: neither gcc nor clang"; return 1; }
}

# Sources of .NET's OpenSSL layer, as the AOT compiler's own package brings them.
native_runtime() {
  local version folder
  version=$(sed -n 's/.*ILCompilerPackVersion="\([^"]*\)".*/\1/p' "$root/Directory.Build.targets")
  folder=${NUGET_PACKAGES:-$HOME/.nuget/packages}/runtime.linux-x64.microsoft.dotnet.ilcompiler/$version/native/src
  [ -d "$folder" ] || { say "the agent is linked natively: its compiler's package is not restored"; return 1; }
  printf '%s\n' "$folder"
}

# What a host must have for this agent, beside the agent: {"version", "glibc", "openssl", "size", "sha256"}. Read from the
# file itself, not from what was asked of the linker.
describe_agent() { # describe_agent FOLDER
  local agent=$1/orchestrator-agent glibc openssl=static
  glibc=$(objdump -T "$agent" | grep -o 'GLIBC_2[0-9.]*' | sort -Vu | tail -n 1)
  [ -n "$glibc" ] || { say "the agent's symbols cannot be read (objdump)"; return 1; }
  # The other kind looks for the library by its name.
  if grep -qa 'libssl\.so' "$agent"; then openssl=system; fi
  printf '{"version":"%s","glibc":"%s","openssl":"%s","size":%s,"sha256":"%s"}\n' \
    "$("$agent" version)" "${glibc#GLIBC_}" "$openssl" "$(stat -c %s "$agent")" "$(sha256sum "$agent" | cut -d' ' -f1)" >"$1/agent.json"
}
