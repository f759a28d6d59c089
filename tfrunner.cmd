@echo off
rem Runs TfRunner from a checkout. Builds it first when there is no build or a source file is newer.
setlocal
set "ROOT=%~dp0"
set "OUT=%ROOT%artifacts\tfrunner"
set "BUILD=1"
if exist "%OUT%\TfRunner.Cli.exe" (
  for /f %%I in ('powershell -NoProfile -Command "$b=(Get-Item '%OUT%\.built').LastWriteTimeUtc; @(Get-ChildItem -Recurse -File '%ROOT%src' | Where-Object { $_.FullName -notmatch '\\(bin|obj)\\' -and $_.LastWriteTimeUtc -gt $b }).Count"') do if "%%I"=="0" set "BUILD="
)
if not defined BUILD goto run
where dotnet >nul 2>nul || (
  echo error: the .NET SDK is not installed 1>&2
  echo hint: install .NET 10's SDK and run this command again 1>&2
  exit /b 6
)
echo tfrunner: building once, this takes a minute 1>&2
set "RID=win-x64"
if /i "%PROCESSOR_ARCHITECTURE%"=="ARM64" set "RID=win-arm64"
if not exist "%ROOT%artifacts" mkdir "%ROOT%artifacts"
dotnet publish "%ROOT%src\TfRunner.Cli" -c Release -r %RID% --self-contained false --artifacts-path "%ROOT%artifacts\publish" -o "%OUT%" -v quiet -nologo -p:PublishReadyToRun=true >"%ROOT%artifacts\build.log" 2>&1 || dotnet publish "%ROOT%src\TfRunner.Cli" -c Release -r %RID% --self-contained false --artifacts-path "%ROOT%artifacts\publish" -o "%OUT%" -v quiet -nologo >"%ROOT%artifacts\build.log" 2>&1 || (
  echo error: TfRunner does not build 1>&2
  echo hint: the whole log is in %ROOT%artifacts\build.log 1>&2
  exit /b 1
)
type nul >"%OUT%\.built"
:run
"%OUT%\TfRunner.Cli.exe" %*
exit /b %ERRORLEVEL%
