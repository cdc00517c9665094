"""JupyterHub for many areas: whoever signs in works as the user of their own area, and can open nothing of any other.

Each area has an account of this computer and a folder that only this account may open:

    /srv/areas/fife            owned by the account fife, mode 0700
        extract/               the area's extract
        dashboards/            a copy of pace-nb's notebooks/dashboards
        parameters.json        {"extract_path": "/srv/areas/fife/extract", "area": "Fife", "as_at": "2019-07-31",
                                "audience": "working"}

It is the operating system that keeps areas apart; the hub refuses to start for an area whose folder others may open. The dashboard is
shown by Voila inside the account's own Jupyter server, to which only the hub lets anybody in. Put TLS before it (nginx.conf, with
proxy_pass to port 8000). JupyterHub is not part of pace-nb: pip install jupyterhub, and its proxy.
"""

import stat
from pathlib import Path

c = get_config()  # noqa: F821  JupyterHub gives it

#: CHANGE: the accounts, one for each area, and who may steer the hub.
AREAS = {"fife", "orkney-islands"}
STEER = {"hub-keeper"}
#: CHANGE: where the areas' folders lie.
ROOT = Path("/srv/areas")

c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # for the proxy with TLS on this computer, and for nobody else
c.JupyterHub.cookie_max_age_days = 0.5
c.JupyterHub.tornado_settings = {"cookie_options": {"samesite": "Strict"}}

c.Authenticator.allowed_users = AREAS
c.Authenticator.admin_users = STEER
c.JupyterHub.admin_access = False  # who steers the hub does not see what an area sees

c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"  # starts each server as the account itself
c.Spawner.notebook_dir = str(ROOT / "{username}")
c.Spawner.default_url = "/voila/render/dashboards/explore.ipynb"
c.Spawner.environment = {"PACE_NB_DASHBOARD": str(ROOT / "{username}" / "parameters.json")}
c.Spawner.args = [
    "--VoilaConfiguration.file_allowlist=[]",  # pictures in the folder are served without a login otherwise
    "--VoilaConfiguration.strip_sources=True",
    "--VoilaConfiguration.show_tracebacks=False",
    "--MappingKernelManager.cull_idle_timeout=1200",
    "--MappingKernelManager.cull_interval=60",
    "--MappingKernelManager.cull_connected=True",
    "--KernelManager.transport=ipc",  # TCP on this computer would be open to every other account of it
    "--ServerApp.terminals_enabled=False",
]
c.Spawner.mem_limit = "4G"
c.JupyterHub.concurrent_spawn_limit = 4


def keep_apart(spawner):
    """Refuse to start for an area whose folder another account may open, or that is not its own."""
    folder = ROOT / spawner.user.name
    seen = folder.stat()
    if stat.S_IMODE(seen.st_mode) & 0o077:
        raise PermissionError(f"the folder of {spawner.user.name} can be opened by others: chmod 700")
    if folder.owner() != spawner.user.name:
        raise PermissionError(f"the folder of {spawner.user.name} belongs to another account: chown")


c.Spawner.pre_spawn_hook = keep_apart
