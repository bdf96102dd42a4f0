# Finds a Node that is new enough (from 22.16 on node:sqlite needs no flag). Sourced by launch.sh for tasks and
# operations and by supervise.sh for the worker, with `here` set to the plugin's folder. A hook never reads this.
#
# What was found is noted in <folder>/node-found, so that no start pays twice for `node --version` (some 25 ms):
#     <version>
#     <path>
#     <value of PLEXSYNC_NODE>:<PATH>
# The note holds while the file it names can be run and is not newer than the note, and the third line is as it was.
# The supervisor's is in the data directory. A task or an operation does not know that directory: its name stands in
# their standard input, which is Node's to read. Their note is in the folder `data` beside the script, with mode 0600;
# whoever could write there could change the script itself. The supervisor writes it as well, so that they find the
# Node which PlexSync keeps in its data directory. Where that folder cannot be written, they ask each time.

# shellcheck disable=SC2034 # node, no_node and way_out are for those who source this
places='/usr/local/bin /opt/homebrew/bin /usr/bin /bin /opt/local/bin /snap/bin'

# find_node <folder of the note> → node and version; it looks into `runtime` in that folder too. None found: no_node,
# a sentence that says so, and way_out, one that says what to do; both fit to stand in a string of JSON.
find_node() {
  asked=${PLEXSYNC_NODE-}:$PATH
  remembered_node "$1" && return
  tried=: refused=
  if try_node "${PLEXSYNC_NODE-}" || try_path || try_places "$1"; then
    remember_node "$1"
    return 0
  fi
  no_node="PlexSync needs Node 22.16 or later: none in the variable PLEXSYNC_NODE, on the PATH, or in the usual places \
($places and others).${refused:+ Found, but no use:$refused.}"
  way_out='You can also install Node (https://nodejs.org), or put the path of one into PLEXSYNC_NODE in the environment of Stash.'
  return 1
}

remembered_node() {
  read_note "$1" || return 1
  [ "$noted_asked" = "$asked" ] && [ -x "$noted_node" ] || return 1
  # shellcheck disable=SC3013 # -nt: new in POSIX.1-2024, old in every shell
  if [ "$noted_node" -nt "$1/node-found" ]; then return 1; fi
  node=$noted_node version=$noted_version
}

# stderr first: a file that is missing would print an error into Stash's log.
read_note() {
  { read -r noted_version && read -r noted_node && read -r noted_asked; } 2>/dev/null <"$1/node-found"
}

# Not being able to is no error: the next start asks again.
remember_node() {
  [ -d "$1" ] || mkdir "$1" 2>/dev/null || return 0
  printf '%s\n%s\n%s\n' "$version" "$node" "$asked" 2>/dev/null >|"$1/node-found" || return 0
}

# share_node <folder>: has the note there say what was found too.
share_node() {
  if read_note "$1" && [ "$noted_version:$noted_node:$noted_asked" = "$version:$node:$asked" ]; then return; fi
  remember_node "$1"
}

try_path() {
  rest=$PATH:
  while [ "$rest" ]; do
    folder=${rest%%:*} rest=${rest#*:}
    try_node "${folder:+$folder/node}" && return
  done
  return 1
}

try_places() {
  for candidate in "$1"/runtime/bin/node "$1"/runtime/*/bin/node; do
    try_node "$candidate" && return
  done
  for folder in $places; do
    try_node "$folder/node" && return
  done
  # Of a person's own version manager, of Synology's package centre
  for candidate in "${HOME-}"/.nvm/versions/node/*/bin/node "${HOME-}"/.volta/bin/node \
    /var/packages/Node.js_v*/target/usr/local/bin/node; do
    try_node "$candidate" && return
  done
  return 1
}

# try_node <path>: is it a Node of the right age? Only a full path, since the supervisor works in another directory.
try_node() {
  case $1 in /*) ;; *) return 1 ;; esac
  case $tried in *:"$1":*) return 1 ;; esac
  tried=$tried$1:
  [ -f "$1" ] && [ -x "$1" ] || return 1
  version=$("$1" --version </dev/null 2>/dev/null)
  case ${version%%-*} in # v25.0.0-nightly… is a version too
    v*[!0-9.]* | v.* | *..*) ;;
    v*.*)
      minor=${version#*.} minor=${minor%%.*} major=${version%%.*} major=${major#v}
      if [ "$major" -gt 22 ] || { [ "$major" -eq 22 ] && [ "$minor" -ge 16 ]; }; then
        node=$1
        return 0
      fi
      refuse "$1" "$version"
      return 1
      ;;
  esac
  refuse "$1" 'does not answer --version'
  return 1
}

# Only what needs no escaping in JSON is shown.
refuse() {
  case $1 in
    *[!\ -~]* | *[\"\\]*) refused="$refused${refused:+,} one whose path has unusual characters ($2)" ;;
    *) refused="$refused${refused:+,} $1 ($2)" ;;
  esac
}
