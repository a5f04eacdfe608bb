# Notes on the machine's books that an image is wanted, and whether we pulled it: what is ours is removed when nobody has wanted it for
# long; and on the instance's, what its container is made of. $1 = an instance's root, $2 = the record's name, $3 = the image, $4 =
# "wanted" (only where there is a record) or "pulled".
{
images=${1%/instances/*}/images
record=$images/$2
if [ "$4" = pulled ]; then
  mkdir -p "$images" && printf '%s\n' "$3" >"$images/.$2" && mv -f "$images/.$2" "$record" || { echo "cannot write $record"; exit 0; }
elif [ -f "$record" ]; then
  touch "$record" || { echo "cannot touch $record"; exit 0; }
fi
# With it a destroy deletes what only root can: see destroy.sh.
printf '%s\n' "$3" >"${1%/*}/image" || { echo "cannot write ${1%/*}/image"; exit 0; }
echo noted
exit 0
}
