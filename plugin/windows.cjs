// What sh.cmd starts: the program, if this Node is new enough for it. Any Node there ever was can read this file, and
// takes the options that sh.cmd gives (none). Arguments: the path of launch.sh, then what launch.sh is called with.
'use strict';
var path = require('path');

var version = process.versions.node.split('.');
var major = Number(version[0]);
var isNewEnough = major > 22 || (major === 22 && Number(version[1]) >= 16);
var program = path.join(__dirname, 'plex-sync.cjs');
var asked = process.argv.slice(2);

function start(args) {
  // As if it had been started itself.
  process.argv = [process.argv[0], program].concat(args);
  require(program);
}

/** node:sqlite is called experimental in some versions, which Stash's log would show as an error. */
function withoutThatWarning() {
  var usual = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', function (warning) {
    if (warning.name === 'ExperimentalWarning') return;
    usual.forEach(function (listener) {
      listener.call(process, warning);
    });
  });
}

if (isNewEnough) {
  withoutThatWarning();
  start(['launch'].concat(asked));
} else {
  var reason =
    'PlexSync needs Node 22.16 or later, and ' +
    process.execPath +
    ' is ' +
    process.versions.node +
    '. Install a newer one (https://nodejs.org), or name it in the variable PLEXSYNC_NODE, and start Stash again.';
  if (asked[1] === 'hook') {
    start(['keep', reason]);
  } else {
    // It is read to its end, else Stash logs a write error.
    process.stdin.on('error', function () {});
    process.stdin.on('close', function () {
      process.exitCode = 1;
      process.stdout.write(JSON.stringify({ error: reason }) + '\n');
    });
    process.stdin.resume();
  }
}
