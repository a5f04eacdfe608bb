# Removes images that we pulled and that nobody uses. $1 = our folder, $2 = minutes for which none of our instances has wanted an image
# that may go. Our records (images/*, written after a pull) say which are ours: any other is never touched, nor one that somebody has
# given a name since, or has a container of. A few at a time. Prints "removed<tab>IMAGE" and "kept<tab>IMAGE<tab>WORDS"; the last is "end".
{
root=$1 minutes=$2 turns=0
find "$root/images" -maxdepth 1 -type f -mmin "+$minutes" 2>/dev/null | while IFS= read -r record; do
  [ "$turns" -lt 4 ] || break
  turns=$((turns + 1))
  image=$(head -n 1 "$record")
  if ! seen=$(docker_run 5 image inspect --format '{{.Id}} {{range .RepoTags}}{{.}} {{end}}' "$image" 2>&1); then
    case $seen in *"o such image"*) rm -f "$record" ;; *) break ;; esac
    continue
  fi
  id=${seen%% *} names=${seen#* }
  names=${names% }
  if [ -n "$names" ] && [ "$names" != "$image" ]; then
    rm -f "$record"
    continue
  fi
  used=$(docker_run 5 ps -a -q --filter "ancestor=$id" 2>/dev/null) || break
  if [ -n "$used" ]; then
    touch "$record"
  elif [ -z "$(find "$record" -mmin "+$minutes" 2>/dev/null)" ]; then
    : # wanted just now
  elif words=$(docker_run 20 image rm --no-prune "$image" 2>&1); then
    rm -f "$record"
    printf 'removed\t%s\n' "$image"
  else
    touch "$record"
    printf 'kept\t%s\t%s\n' "$image" "$(printf '%s' "${words:-Docker does not answer}" | tail -n 1)"
  fi
done
printf 'end\t1\n'
exit 0
}
