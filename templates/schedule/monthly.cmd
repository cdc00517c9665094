@echo off
rem The monthly run by the Task Scheduler of Windows. Put this file beside monthly.toml and the folder .venv, then, once:
rem   schtasks /Create /TN "pace-nb monthly" /SC MONTHLY /D 3 /ST 05:00 /TR "C:\pace\monthly\monthly.cmd"
rem Nothing in pace-nb looks at today's date: the next line does (the last day of the month before), and says the day aloud.
cd /d "%~dp0"
for /f %%d in ('powershell -NoProfile -Command "(Get-Date -Day 1).AddDays(-1).ToString('yyyy-MM-dd')"') do set AS_AT=%%d
.venv\Scripts\pace-nb report monthly.toml --as-at %AS_AT% --resume 2>> monthly.log
exit /b %ERRORLEVEL%
