#!/bin/sh
# The one program that Stash runs, and told by its first argument what for:
#   launch.sh hook          something was saved: keep the event as one file, see that a worker lives. No Node here
#   launch.sh task <name>   a task from Stash's list
#   launch.sh               an operation asked for by the page (Stash can give those no arguments)
#   launch.sh wake <dir>    start a worker for this data directory if none lives (exit 1: it could not be done)
# A hook runs inside the person's save, once per scene even in a bulk edit: in the usual case it forks one `head`
# and nothing else. POSIX only, for dash, busybox ash, mksh, bash. All code is in functions and the last line ends
# the shell, because bash goes on reading a file that an update has replaced.

main() {
  # Git for Windows brings an sh, but not the paths and processes of one: Node does all of it there, as for sh.cmd.
  case ${OS-} in Windows_NT) on_windows "$@"; return ;; esac
  # Stash's own may be odd or empty.
  case ${PATH-} in *:/usr/bin:/bin) ;; *) export PATH="${PATH:+$PATH:}/usr/bin:/bin" ;; esac
  umask 077
  case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
  case $here in /*) ;; *) here=$PWD/$here ;; esac

  case ${1-} in
    hook)
      with_claims
      # Whatever a tool or the shell itself complains of would be an error in Stash's log: silence, and one line.
      hook 2>/dev/null && return
      # Stash's log prefix: 0x01, the level, 0x02 (stashapp/stash pkg/logger/plugin.go)
      printf '\001e\002PlexSync could not keep a change (%s %s): %s. The next reconciliation will find it.\n' \
        "$type" "$id" "$problem" >&2
      return 1
      ;;
    wake)
      data=${2:?which data directory?}
      case $data in /*) ;; *) data=$PWD/$data ;; esac
      with_claims
      wake 2>/dev/null
      ;;
    task) node_program "$@" ;;
    *) node_program operation ;;
  esac
}

# During an update of the plugin the file may be missing for a moment. The event must be kept all the same.
with_claims() {
  # shellcheck source=/dev/null
  [ -r "$here/claim.sh" ] && . "$here/claim.sh"
}

hook() {
  LC_ALL=C # lengths and patterns in bytes
  set -Cf  # `>` never overwrites, `*` is only a star
  type=unknown id=0 dir=

  problem='nothing came on standard input'
  event=$(LC_ALL=C head -c 32768) # in its environment too: without a locale to load it starts sooner
  # What matters comes first. In a bulk edit every hook gets the whole list, and a cover is megabytes: no more is
  # kept, but all is read, or Stash would log a write error. (A quarter of what was asked for: even a shell that
  # counts four-byte characters is over it then.)
  [ ${#event} -lt 8192 ] || cat >/dev/null
  [ "$event" ] || return 1
  read_envelope
  # They become a file name, and must not be able to name anything else (a leading dot would hide it).
  case $id in '' | *[!0-9]* | ????????????????*) id=0 ;; esac # 15 digits at most
  case $type in '' | [!A-Za-z]* | *[!A-Za-z.]*) type=unknown ;; esac
  [ ${#type} -lt 64 ] || type=unknown

  case $dir in /*) ;; *) dir= ;; esac
  if [ -d "$dir" ]; then data=$dir/plex-sync; else data=$here/data; fi
  [ -d "$data/spool" ] || mkdir -p "$data/spool"
  # While there is no Node, or its worker cannot work, nobody takes in what is kept.
  kept=''
  if [ -e "$data/no-runtime" ] || [ -e "$data/no-worker" ]; then
    event=${event%%'"input":'*} # nobody reads that
    spool_is_full && kept=$data/missed-last && printf '%s %s\n' "$type" "$id" >|"$kept"
  fi
  [ "$kept" ] || keep_event || return

  # Only now, the file being complete: a supervisor that leaves first gives up its claim and then looks for files.
  named_living "$data/supervisor" && return
  [ -e "$data/no-runtime" ] && too_soon && return
  wake
  return 0
}

# keep_event → kept, the complete file
keep_event() {
  # The parent is Stash: its pid and start time together tell one life of Stash from the next.
  started=0
  look_up "$PPID"
  name=$data/spool/$type-$id-$PPID.$started-$$
  problem="cannot write into $data/spool (no space, or no right to?)"
  n=0 opened='' written=''
  until [ "$opened" ]; do
    # printf, since echo would turn \n and \u0026 into characters. The newline at the end marks a complete file.
    { opened=yes && printf '%s\n' "$event" && written=yes; } >"$name-$n"
    # Not opened: is the name taken, by an earlier process of this pid? Else the directory is not to be written.
    [ "$opened" ] || [ -e "$name-$n" ] || return 1
    [ "$opened" ] || n=$((n + 1))
  done
  kept=$name-$n
  [ "$written" ]
}

# Was no Node found only just now? The mark's time is the moment from which it is worth another look. But a file that is
# older than what the supervisor logged before it made that mark tells that the clock was put back: then it says nothing.
too_soon() {
  # shellcheck disable=SC3013 # -nt: new in POSIX.1-2024, old in every shell
  ! [ "$kept" -nt "$data/no-runtime" ] && ! [ "$data/supervisor.log" -nt "$kept" ]
}

# 10,000 events are kept, or a few more; of what comes then, only since when it is missing, and when it was last. Whoever
# takes the rest in looks for it. Counting takes longer than all the rest of a hook, so one in ten does: by the tens of
# its pid, since the last digit may be even for each of them.
spool_is_full() {
  [ -e "$data/missed-since" ] && return
  case $$ in *0?) ;; *) return 1 ;; esac
  set +f
  set -- "$data"/spool/*
  set -f
  [ $# -ge 10000 ] || return 1
  printf '%s\n' 'the spool was full' >|"$data/missed-since"
}

# Sets dir, id and type from event, in which they come in this order. Strings in JSON hold no bare quote, so the text is
# split at the quotes, and a string that is followed by a colon is a key. (Cutting with ${event#*…} instead takes the
# shells a hundred times as long, more than all the rest of the hook.)
read_envelope() {
  IFS='"'
  # shellcheck disable=SC2086 # the splitting is the purpose; `id` and `type` come before `input`
  set -- ${event%%'"input":'*}
  unset IFS
  in_event=
  while [ $# -gt 2 ]; do
    case $2 in
      :*) case $in_event$1 in
        Dir) dir=$3 && unescape_dir "$@" ;;
        hookContext) in_event=in-event: ;;
        in-event:id) id=${2#:} id=${id# } id=${id%%[!0-9]*} ;;
        in-event:type) type=$3 && return ;; # the last of the three
        esac ;;
    esac
    shift
  done
}

# Go writes & < > as \u0026 \u003c \u003e. Arguments: the split text from the key on, since a quote in the name has
# split that too: \" leaves a backslash at the end of a piece, and the name goes on in the next.
unescape_dir() {
  case $dir in *\\*) rest=$dir dir= ;; *) return ;; esac
  shift 3
  while :; do
    dir=$dir${rest%%\\*}
    case $rest in *\\*) rest=${rest#*\\} ;; *) return ;; esac
    case $rest in
      '')
        [ $# -gt 0 ] || return
        dir=$dir\" rest=$1
        shift
        ;;
      \\*) dir=$dir\\ rest=${rest#\\} ;;
      u0026*) dir=$dir\& rest=${rest#u0026} ;;
      u003c*) dir=$dir\< rest=${rest#u003c} ;;
      u003e*) dir=$dir\> rest=${rest#u003e} ;;
      *) dir= && return ;; # a control character, or bytes that Go could not write: unknown
    esac
  done
}

# Starts a supervisor for $data unless one lives; the only way in which a worker is ever started.
wake() {
  set -C
  claim $$
  case $? in 0) ;; 1) return 0 ;; *) return 1 ;; esac
  # Nothing of Stash's may be inherited: it would wait for these streams to close. exec, so that $! is the supervisor.
  (exec sh "$here/supervise.sh" "$data" $$) </dev/null >/dev/null 2>&1 &
  # From "this hook starts one" to "this one lives". The supervisor waits for it before it does anything.
  hand_over $!
}

# Becomes Node, which is told what sh.cmd tells it. $0 is a path of Windows, and so not one to be cut or joined here more
# than this: Node takes both kinds of slashes.
on_windows() {
  case $0 in *[\\/]*) here=${0%[\\/]*} ;; *) here=. ;; esac
  for node in "${PLEXSYNC_NODE-}" "$(command -v node)" "${PROGRAMFILES-}/nodejs/node.exe"; do
    [ ! -f "$node" ] || exec "$node" "$here/windows.cjs" "$0" "$@"
  done
  cat >/dev/null # else Stash logs a write error
  problem='PlexSync needs Node 22.16 or later: none in the variable PLEXSYNC_NODE, on the PATH, or in Program Files.'
  case ${1-} in
    hook) printf '\001e\002PlexSync could not keep a change: %s\n' "$problem" >&2 ;;
    *) printf '{"error":"%s Install Node (https://nodejs.org) and start Stash again."}\n' "$problem" ;;
  esac
  return 1
}

# Becomes Node with these arguments and standard input untouched, so that Stash's kill reaches Node itself.
node_program() {
  node='' # set by find_node
  # shellcheck source=/dev/null
  . "$here/runtime.sh"
  find_node "$here/data" && exec "$node" --disable-warning=ExperimentalWarning "$here/plex-sync.cjs" "$@"
  # shellcheck source=/dev/null
  . "$here/no-node.sh"
  without_node "$@"
}

main "$@"; exit
