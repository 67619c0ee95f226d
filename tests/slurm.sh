#!/usr/bin/env bash
# A sweep on a real Slurm, on this machine alone: tests/slurm.sh PROGRAM
#
# Runs the smoke plan (200 runs) in one process, then as a job array of which a task is killed with -9, and demands
# the same table. Then the batch script that --dry-run prints is submitted by hand, a task is killed and requeued
# by scontrol, and the table is collected: the same again. Needs root, to start the daemons; Debian's packages
# slurm-wlm and munge are installed if they are not there.
set -euo pipefail
program=$(readlink -f "$1")
plan=$(readlink -f "$(dirname "$0")/../scenarios/sweeps/smoke.toml")

command -v slurmctld > /dev/null && command -v munged > /dev/null \
    || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq slurm-wlm munge; } > /dev/null 2>&1

place=$(mktemp -d /tmp/handover-slurm.XXXXXX)
chmod 755 "$place"
host=$(hostname -s)
cores=$(nproc)
pids=()
stop() {
    local code=$?
    for name in slurmd slurmctld munged; do
        pid=$(cat "$place/$name.pid" 2> /dev/null || true)
        [ -z "$pid" ] || kill "$pid" 2> /dev/null || true
        for _ in $(seq 50); do [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null && sleep 0.1 || break; done
    done
    [ $code -eq 0 ] || tail -n 20 "$place"/*.log "$place"/*/slurm/*.log 2> /dev/null || true
    rm -rf "$place"
    exit $code
}
trap stop EXIT

# munge: a key and a socket of our own, beside any that the machine has
mkdir -p "$place/munge" "$place/state" "$place/spool"
chown munge:munge "$place/munge"
chown slurm:slurm "$place/state" "$place/spool"
dd if=/dev/urandom of="$place/munge/key" bs=1024 count=1 2> /dev/null
chown munge:munge "$place/munge/key"
chmod 400 "$place/munge/key"
chmod 755 "$place/munge"
touch "$place/munged.pid" "$place/munged.log" "$place/munged.seed"
chown munge:munge "$place/munged.pid" "$place/munged.log" "$place/munged.seed"
chmod 600 "$place/munged.seed"
setpriv --reuid munge --regid munge --clear-groups /usr/sbin/munged --force --socket="$place/munge/socket" \
    --key-file="$place/munge/key" --pid-file="$place/munge/munged.pid" --log-file="$place/munged.log" \
    --seed-file="$place/munged.seed" --num-threads=2
for _ in $(seq 50); do [ -S "$place/munge/socket" ] && break; sleep 0.1; done
cp "$place/munge/munged.pid" "$place/munged.pid"

cat > "$place/slurm.conf" << CONF
ClusterName=handover
SlurmctldHost=$host(127.0.0.1)
SlurmUser=slurm
AuthType=auth/munge
AuthInfo=socket=$place/munge/socket
CredType=cred/munge
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmctldPort=26817
SlurmdPort=26818
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.pid
SlurmctldLogFile=$place/slurmctld.log
SlurmdLogFile=$place/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
JobRequeue=1
MpiDefault=none
SwitchType=switch/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cores RealMemory=2000
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$place/slurm.conf"
touch "$place/slurmctld.pid" "$place/slurmctld.log"
chown slurm:slurm "$place/slurmctld.pid" "$place/slurmctld.log"
/usr/sbin/slurmctld
/usr/sbin/slurmd
for _ in $(seq 100); do sinfo -h -o %T 2> /dev/null | grep -q idle && break; sleep 0.1; done
sinfo

hash_of() { sha256sum "$1/sweep.parquet" | cut -d' ' -f1; }

# kills the first task of the sweep in this folder that is found at work
kill_one() {
    for _ in $(seq 400); do
        pid=$(pgrep -f -- "sweep .*$1.* --shard" | head -1 || true)
        if [ -n "$pid" ]; then
            kill -9 "$pid" && echo "killed the process of a task" && return 0
        fi
        sleep 0.02
    done
    echo "no task was found at work" && return 1
}

"$program" sweep "$plan" --out "$place/alone" --quiet
alone=$(hash_of "$place/alone")

echo "-- submitted, watched, lost and submitted again, collected"
"$program" sweep "$plan" --out "$place/engine" --engine slurm --array 20 --partition all --quiet 2> "$place/engine.txt" &
sweep=$!
kill_one "$place/engine"
wait "$sweep"
cat "$place/engine.txt"
grep -q "submitted again" "$place/engine.txt"
[ "$(hash_of "$place/engine")" = "$alone" ]

echo "-- the batch script by hand, a task requeued by scontrol"
"$program" sweep "$plan" --out "$place/hand" --engine slurm --array 20 --partition all --dry-run > "$place/hand.sh"
mkdir -p "$place/hand/slurm"
job=$(sbatch --parsable "$place/hand.sh")
kill_one "$place/hand"
for _ in $(seq 200); do
    failed=$(scontrol show job "$job" -o | grep -E "JobState=(FAILED|NODE_FAIL|CANCELLED)" | grep -oE "ArrayTaskId=[0-9]+" | cut -d= -f2 || true)
    [ -n "$failed" ] && break
    sleep 0.1
done
[ -n "$failed" ]
echo "task $failed failed, requeued"
scontrol requeue "${job}_$failed"
# a requeued task is held for two minutes unless told otherwise
scontrol update "JobId=${job}_$failed" StartTime=now || true
for _ in $(seq 1500); do [ -z "$(squeue -h --array --jobs "$job" 2> /dev/null || true)" ] && break; sleep 0.2; done
"$program" sweep "$plan" --out "$place/hand" --collect --quiet
[ "$(hash_of "$place/hand")" = "$alone" ]
echo "one table of 200 runs from one process, from 20 tasks with one killed, and from 20 with one requeued: $alone"
