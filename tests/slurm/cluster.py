"""A real SLURM on this machine, in a folder of its own: munged, slurmctld, two nodes, fake GPUs.

The devices are /dev/null under other names: SLURM hands them out as it would hand out A100s.
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path

from culturalign.models.gpus import WITHOUT_GPUS

GPUS = 8
"""Of both nodes."""
NODES = ("first", "second")
DEVICE = "/dev/fakegpu"
PACKAGES = ("slurm-wlm", "munge")
DEFAULT = Path("/etc/slurm/slurm.conf")
"""Where SLURM looks without SLURM_CONF: the step executor passes no such variable on to srun."""
CONF = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
SlurmctldPort={port}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool-%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
TaskProlog={folder}/prolog.sh
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
PropagateResourceLimits=NONE
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
JobRequeue=1
KillWait=5
MinJobAge=7200
GresTypes=gpu
{nodes}
PartitionName=cpu Nodes=ALL Default=YES MaxTime=INFINITE State=UP
PartitionName=gpu Nodes=ALL MaxTime=INFINITE State=UP
"""
NODE = (
    "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=32 RealMemory=500000 "
    "Gres=gpu:a100:{gpus} State=UNKNOWN"
)
PROLOG = """\
#!/bin/sh
# What the job's own process sees, one line a task.
echo "$SLURM_JOB_ID|$CUDA_VISIBLE_DEVICES" >> {folder}/seen.txt
"""


class Cluster:
    """A running SLURM; :meth:`stop` ends what :meth:`start` began and removes the devices."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "SLURM_CONF": str(folder / "slurm.conf")}
        self.environment[WITHOUT_GPUS] = "1"  # the jobs run on the CPU, whatever SLURM gave them
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Write the configuration and start the daemons; installs them if they are missing."""
        install()
        folder, host = self.folder, socket.gethostname().partition(".")[0]
        (folder / "state").mkdir()
        controller, *ports = free_ports(1 + len(NODES))
        each = GPUS // len(NODES)
        nodes = [
            NODE.format(name=name, host=host, port=port, gpus=each)
            for name, port in zip(NODES, ports, strict=True)
        ]
        conf = CONF.format(host=host, folder=folder, port=controller, nodes="\n".join(nodes))
        (folder / "slurm.conf").write_text(conf)
        DEFAULT.parent.mkdir(exist_ok=True)
        DEFAULT.unlink(missing_ok=True)  # left dangling by a run that was killed
        DEFAULT.symlink_to(folder / "slurm.conf")
        gres = [
            f"NodeName={name} Name=gpu Type=a100 File={DEVICE}[{first}-{first + each - 1}]\n"
            for name, first in zip(NODES, range(0, GPUS, each), strict=True)
        ]
        (folder / "gres.conf").write_text("".join(gres))
        (folder / "prolog.sh").write_text(PROLOG.format(folder=folder))
        (folder / "prolog.sh").chmod(0o755)
        (folder / "seen.txt").touch()
        (folder / "munge.key").write_bytes(secrets.token_bytes(128))
        (folder / "munge.key").chmod(0o600)
        for number in range(GPUS):
            Path(f"{DEVICE}{number}").unlink(missing_ok=True)
            subprocess.run(["mknod", f"{DEVICE}{number}", "c", "1", "3"], check=True)
        names = {"key-file": "munge.key", "socket": "munge.socket", "pid-file": "munge.pid"}
        names |= {"log-file": "munge.log", "seed-file": "munge.seed"}
        options = [f"--{option}={folder / name}" for option, name in names.items()]
        self._begin("munged", "--foreground", "--force", *options)
        wait_for(lambda: (folder / "munge.socket").exists(), "munged")
        self._begin("slurmctld", "-D", "-f", str(folder / "slurm.conf"))
        for name in NODES:
            self._begin("slurmd", "-D", "-f", str(folder / "slurm.conf"), "-N", name)
        listed = ("sinfo", "-h", "-N", "-p", "gpu", "-o", "%T")
        wait_for(lambda: self.ask(*listed).split() == ["idle"] * len(NODES), "both nodes")

    def _begin(self, program: str, *arguments: str) -> None:
        found = shutil.which(program) or f"/usr/sbin/{program}"
        with (self.folder / f"{program}.out").open("a") as output:
            process = subprocess.Popen(
                [found, *arguments],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.processes.append(process)

    def ask(self, *command: str) -> str:
        """Output of a SLURM command."""
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        return done.stdout

    def jobs(self) -> list[dict[str, str]]:
        """All jobs so far: id, state, comment (the rule), memory, requeues, number of nodes."""
        names = ("id", "state", "comment", "memory", "restarts", "nodes")
        listed = self.ask(
            "squeue", "-h", "-t", "all", "-O",
            "JobID:20|,State:20|,Comment:200|,MinMemory:20|,RestartCnt:9|,NumNodes:9",
        )  # fmt: skip
        rows = [[cell.strip() for cell in line.split("|")] for line in listed.splitlines()]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def visible_gpus(self) -> dict[str, str]:
        """Job -> what its process had as CUDA_VISIBLE_DEVICES."""
        lines = (self.folder / "seen.txt").read_text().splitlines()
        return dict(line.split("|") for line in lines)

    def stop(self) -> None:
        """Cancel what runs, end the daemons, remove the devices and the link."""
        self.ask("scancel", "-u", "root")
        time.sleep(2)
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
        DEFAULT.unlink(missing_ok=True)
        for number in range(GPUS):
            Path(f"{DEVICE}{number}").unlink(missing_ok=True)


def install() -> None:
    """Install SLURM from the distribution if it is not there."""
    if shutil.which("sbatch") and (shutil.which("munged") or Path("/usr/sbin/munged").exists()):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    subprocess.run(command, check=True, env=quiet)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for(condition, what: str, seconds: float = 60) -> None:
    """Wait until something holds; fail with its name."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.1)
