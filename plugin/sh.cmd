@echo off
rem Windows has no sh, so Stash runs this file in its place (stashapp/stash pkg/plugin/config.go): it becomes Node, which
rem does what launch.sh does. Arguments: the path of launch.sh, then what launch.sh is called with. Not tried on a real
rem Windows yet: docs/platforms.md.
setlocal
set "node=%PLEXSYNC_NODE%"
if defined node if not exist "%node%" set "node="
if not defined node for %%n in (node.exe) do set "node=%%~$PATH:n"
if not defined node if exist "%ProgramFiles%\nodejs\node.exe" set "node=%ProgramFiles%\nodejs\node.exe"
if not defined node goto none
"%node%" "%~dp0windows.cjs" %*
exit /b %errorlevel%
:none
more >nul
echo {"error":"PlexSync needs Node 22.16 or later: none in the variable PLEXSYNC_NODE, on the PATH, or in Program Files. Install Node (https://nodejs.org) and start Stash again."}
exit /b 1
