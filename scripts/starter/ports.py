"""Whether a port is free, asked before anything slow is begun."""

import errno
import socket

from starter.say import Problem


def _bind_error(family: socket.AddressFamily, host: str, port: int) -> int:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As every server does: a connection just closed must not look like a taken port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        return error.errno or errno.EIO
    return 0


def require_free_port(name: str, port: int, *, host: str = "127.0.0.1") -> None:
    """Raise `Problem`, naming the variable to change, unless a server may listen on `port`.

    For the loopback address its IPv6 twin is asked too: a browser that is told `localhost` may
    reach whatever listens there instead of us.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    error = _bind_error(family, host, port)
    if not error and host == "127.0.0.1" and socket.has_ipv6:
        twin_error = _bind_error(socket.AF_INET6, "::1", port)
        error = twin_error if twin_error == errno.EADDRINUSE else 0
    if error == errno.EADDRINUSE:
        raise Problem(
            f"Port {port} is taken by another program: stop it, or choose another port, "
            f"for example `make run {name}={port + 1 if port < 65535 else port - 1}`."
        )
    if error in {errno.EACCES, errno.EPERM}:
        raise Problem(
            f"Port {port} may not be used by this account: choose one above 1023, "
            f"for example `make run {name}={port + 8000 if port < 1024 else 8000}`."
        )
    if error:
        raise Problem(
            f"Nothing can listen on {host} port {port} ({errno.errorcode.get(error, error)}): "
            f"check BIND and {name}."
        )
