#!/bin/sh
# Keeps a worker running: `supervise.sh <data directory> <pid of who started it>`, started by launch.sh's `wake` only.
# It runs the worker, and by the worker's exit code decides what comes next (the table is in `main`). So a worker that
# is killed is back within a second with nobody touching anything, and is reaped by its parent.
#
# The file <data>/supervisor is the claim: it names the process that sees to it that a worker runs. One line:
#     <pid> <start time> <boot id>
#   start time  field 22 of /proc/<pid>/stat. Where there is no /proc (macOS, FreeBSD): what `LC_ALL=C ps -o lstart=`
#               prints, its words joined by underscores: Sat_Nov_21_10:15:00_2026
#   boot id     /proc/sys/kernel/random/boot_id, or - where that cannot be read
# Its process is alive if that pid exists with that start time and boot, and is no zombie. A file that is missing,
# empty, malformed or without the newline at its end names nobody. It is created whole (`ln`) and replaced whole
# (`mv`), and whoever else writes it (the worker, naming its parent) should rename a finished file over it likewise.
# It is a hint that saves needless starts; who may work is decided by the worker's own lock.
#
# Other files in the data directory: spool/ (events), progress (touched by the worker when it has finished a row;
# removed here before each start), no-runtime (there is no Node: the reason, see below), no-worker (the worker cannot
# work: the reason; removed by whoever takes in the spool), missed-since and missed-last (see launch.sh's `hook`),
# node-found (see runtime.sh), worker.err (what the worker complained of last), supervisor.log and .log.1,
# supervisor.bury and supervisor.<pid> (for a moment, see claim.sh).
#
# PLEXSYNC_PAUSE_MS is the unit of all waiting here, 1000 unless set: tests run in seconds.

main() {
  set -C
  data=$1 starter=${2-} here=${0%/*}
  cd / || exit # no directory is kept from being unmounted
  claimed='' identity='' node='' no_node='' way_out='' fetch_state='' # set by functions of these two
  # shellcheck source=/dev/null
  . "$here/claim.sh" || exit
  # shellcheck source=/dev/null
  . "$here/runtime.sh" || exit
  unit_ms=${PLEXSYNC_PAUSE_MS-}
  case $unit_ms in '' | 0* | *[!0-9]*) unit_ms=1000 ;; esac

  starting='' # the starter's line, while it lives
  if identify "$starter"; then starting=$identity; fi
  identify $$ || exit
  await_claim
  for left in "$data"/supervisor.[0-9]*; do # by processes that were killed
    look_up "${left##*.}" || look_up_by_ps "${left##*.}" || rm -f "$left"
  done

  pause=1 crashes=0 last_look=''
  while :; do
    run_worker
    [ $code -eq 75 ] || last_look=''
    case $code in
      0) # it decided to leave
        crashes=0
        leave
        rest
        ;;
      75) # another process holds the worker's lock, and names its own supervisor if it has one
        crashes=0
        [ ! "$last_look" ] || leave
        rest
        own_claim || ! named_living "$data/supervisor" || exit 0
        # Whoever changed the queue saw our claim and left it at that, and the other may have looked at the queue for
        # the last time before. So once more, with no claim: 75 again, and the other has its last look still to come.
        last_look=yes
        give_up_claim
        ;;
      76) change_over ;; # a new version of the plugin is there
      *) # killed, out of memory, crashed
        crashes=$((crashes + 1))
        [ "$fared" = badly ] || crashes=0
        read_error
        # Hooks count what they keep while this is there.
        [ "$fared" = well ] || printf '%s\n' "the worker ended with code $code$said" >|"$data/no-worker"
        [ $crashes -lt 20 ] || give_up
        rm -f "$data/node-found" # was the Node replaced behind the note?
        rest
        ;;
    esac
  done
}

# The starter has claimed in its own name and is about to hand over. Going on before it has could leave its late
# writing as a claim of somebody who is gone by then. If it was killed, the claim is dead, and ours to make.
await_claim() {
  until own_claim; do
    if named_living "$data/supervisor"; then
      case $claimed in
        "$starter "*) nap 10 ;;
        "$identity") ;; # handed over between the two looks
        *)
          # Another stands. But its worker may have written that, and the starter is about to replace it.
          # shellcheck disable=SC2086 # three words, to be split
          if [ "$starting" ] && living $starting; then nap 10; else own_claim || exit 0; fi
          ;;
      esac
    else
      claim $$ || own_claim || exit 0 # own: handed over between two looks, here too
    fi
  done
}

# run_worker → code, and fared: well (a row finished, or a minute lived), badly (ended within ten seconds), or so-so
run_worker() {
  find_node "$data" || get_node || no_runtime
  rm -f "$data/no-runtime" "$data/missed-last" "$data/fetch-failed" "$data/progress"
  share_node "$here/data"
  clock && began_ms=$now_ms
  # The worker names its parent in the claim: only if that is a supervisor, and not a person's shell. Its many short
  # objects would fill three times 16 MB before Node looks for rubbish: a small young generation saves a fifth.
  errors=$data/worker.err
  printf '' >|"$errors" || errors=/dev/null
  # Added to it: so the worker can cut it short.
  PLEXSYNC_SUPERVISED=1 "$node" --max-semi-space-size=2 --disable-warning=ExperimentalWarning \
    "$here/plex-sync.cjs" worker "$data" 2>>"$errors"
  code=$?
  clock && lived_ms=$((now_ms - began_ms))
  fared=so-so
  [ "$lived_ms" -ge $((10 * unit_ms)) ] || fared=badly
  [ "$lived_ms" -lt $((60 * unit_ms)) ] || fared=well
  [ ! -e "$data/progress" ] || fared=well
}

# read_error → said: the line in which the worker told why it could not go on, after a colon: one that begins with the
# name of an error, else the first. (Node shows warnings and its own source before it.)
read_error() {
  said='' first=''
  while read -r line || [ "$line" ]; do
    case $line in
      *Error:\ * | *Error\ \[*) case ${line%%Error*} in *[!A-Za-z]*) ;; *) said=$line && break ;; esac ;;
    esac
    [ "$first" ] || first=$line
  done <"$errors"
  said=${said:-$first}
  [ ! "$said" ] || said=": $(printf '%.300s' "$said")"
}

get_node() {
  fetch_state=''
  # shellcheck source=/dev/null
  . "$here/fetch.sh" && fetch_node && find_node "$data"
}

give_up_claim() {
  if own_claim; then rm -f "$data/supervisor"; fi
}

# Gives up the claim, and ends unless the spool holds something. In this order: a hook completes its file first and
# looks at the claim then, so either it finds no claim and wakes another, or its file is found here. (The worker has
# done the same for the queue, into which the shell cannot look: it gave up the claim and looked again.)
leave() {
  give_up_claim
  for event in "$data"/spool/*; do
    # Only what the worker can take: a NAS makes a folder @eaDir in every folder by itself.
    if ! [ -f "$event" ] || ! [ -r "$event" ]; then continue; fi
    claim $$
    case $? in 1) exit 0 ;; esac # another goes on
    return                       # also without a claim where none can be written: the worker's lock decides
  done
  exit 0
}

# Pauses 1 s, 2 s, 4 s … 60 s, and 1 s again after a worker that fared well.
rest() {
  [ $fared != well ] || pause=1
  nap $((pause * unit_ms))
  pause=$((pause * 2))
  [ $pause -le 60 ] || pause=60
}

# Stash deletes the old files, then writes the new ones: in a package launch.sh is the first, this script the last.
change_over() {
  waited=0
  while [ $waited -lt 60 ]; do
    complete=''
    if whole launch.sh && whole supervise.sh; then complete=yes; fi
    nap "$unit_ms" # also when they are: a person copies in any order
    if [ "$complete" ]; then
      give_up_claim
      exec sh "$here/launch.sh" wake "$data"
    fi
    waited=$((waited + 1))
  done
  [ ! -e "$here/launch.sh" ] || end "the plugin's new version did not arrive within a minute"
  # Stash removes no more than it wrote: a note of ours would keep the folder.
  rm -f "$here/data/node-found"
  rmdir "$here/data/spool"
  rmdir "$here/data" && rmdir "$here"
  end 'the plugin was removed'
}

# whole <script>: does it end with its last line?
whole() {
  last=''
  while read -r line || [ "$line" ]; do last=$line; done <"$here/$1"
  case $last in *'; exit') ;; *) return 1 ;; esac
}

give_up() {
  end "the worker ended 20 times in a row within ten seconds, last with code $code$said; the next change tries again"
}

# Hooks wake nobody while their own file is older than this mark: its time lies a minute ahead. (An attempt for every
# change would search the disk a thousand times in a bulk edit.) Unless their file is older than the line in the log.
no_runtime() {
  no_node="$no_node $fetch_state $way_out"
  note "$no_node"
  printf '%s\n' "$no_node" >|"$data/no-runtime"
  soon=$(($(date +%s) + 60))
  # BSD, then GNU and busybox. Not the other way round: -d sets a clock on BSD, -r reads a file's time on GNU.
  soon=$(date -u -r $soon +%Y%m%d%H%M.%S || date -u -d "@$soon" +%Y%m%d%H%M.%S)
  TZ=UTC0 touch -t "$soon" "$data/no-runtime"
  end
}

# end [why]: one line in the log, no claim, and no look into the spool.
end() {
  [ $# -eq 0 ] || note "$1"
  give_up_claim
  exit 0
}

# note <what>: a line in the log.
note() {
  size=$(wc -c <"$data/supervisor.log")
  [ "${size:-0}" -lt 65536 ] || mv -f "$data/supervisor.log" "$data/supervisor.log.1"
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" >>"$data/supervisor.log"
}

# clock → now_ms, from any fixed moment. (mksh counts in 32 bits: the numbers wrap, their differences do not.)
clock() {
  if read -r up _ </proc/uptime; then # seconds with two decimals; the 1 keeps 08 from being octal
    now_ms=$((${up%.*} * 1000 + (1${up#*.} - 100) * 10))
  else
    now_ms=$(($(date +%s) * 1000))
  fi
}

# nap <milliseconds>; where sleep takes whole seconds only, one.
nap() {
  fraction=$((1000 + $1 % 1000))
  sleep "$(($1 / 1000)).${fraction#1}" || sleep $((($1 + 999) / 1000))
}

main "$@"; exit
