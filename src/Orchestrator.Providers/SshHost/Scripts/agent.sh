# $1 = our folder, $2 = sha256 of the agent, $3 = its size, $4 = a file that was just copied there, or nothing: then it only says whether
# the agent is there. Prints "ready", "wanted FOLDER" or "refused WORDS".
{
root=$1 hash=$2 size=$3 new=$4
agent=$root/agents/$hash/orchestrator-agent
hash_of() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1" | cut -d' ' -f1
  elif command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 <"$1" | sed 's/.*= *//'
  else echo unknown; fi
}
good() { # good FILE: size always, hash where something here can compute it
  [ "$(wc -c <"$1" | tr -d ' ')" = "$size" ] || return 1
  sum=$(hash_of "$1")
  [ "$sum" = "$hash" ] || [ "$sum" = unknown ]
}
if [ -n "$new" ]; then
  if good "$new"; then
    chmod 700 "$new" && mv -f "$new" "$agent" || { echo "refused cannot put the agent into $agent"; exit 0; }
  else
    rm -f "$new"
    echo "refused the copied agent differs from ours (size or SHA256); the connection or the disk there is faulty"
    exit 0
  fi
fi
if [ -f "$agent" ] && good "$agent"; then
  if words=$("$agent" version 2>&1 </dev/null); then
    # Other versions, when no instance runs them and no server has asked for them since yesterday.
    touch "$root/agents/$hash"
    for old in "$root"/agents/*; do
      name=${old##*/}
      if [ "${#name}" = 64 ] && [ "$name" != "$hash" ] && [ -n "$(find "$old" -maxdepth 0 -mmin +1440 2>/dev/null)" ] &&
        ! grep -qsx "agent=$name" "$root"/instances/*/card "$root"/instances/.new-*/card; then rm -rf "$old"; fi
    done
    echo "ready $words"
  else
    echo "refused the agent does not run there: $(printf '%s' "$words" | head -n 1) (a folder mounted noexec, another CPU type than $(uname -m), or an older glibc)"
  fi
elif mkdir -p "$root/agents/$hash"; then
  # Copies that were cut off; another server's copy under way is younger.
  find "$root/agents" -name 'new-*' -mmin +60 -exec rm -f {} + 2>/dev/null
  echo "wanted $root/agents/$hash"
else
  echo "refused cannot write to $root/agents"
fi
exit 0
}
