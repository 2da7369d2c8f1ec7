"""What an answer must look like, without its values."""


def mismatch(value, shape, path=""):
    """What is wrong with a value of the given shape, as text; nothing when it fits.

    A shape is a type, a tuple of types, a predicate, `[shape]` for a list of such, `{name: shape}` for an object with
    exactly these names; a name that ends in `?` may be missing.
    """
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{path}: no object but {value!r}"
        names = {name.rstrip("?"): (name, each) for name, each in shape.items()}
        for name in value:
            if name not in names:
                return f"{path}/{name}: not in what Python answers"
        for name, (declared, each) in names.items():
            if name not in value:
                if declared.endswith("?"):
                    continue
                return f"{path}/{name}: is missing"
            if wrong := mismatch(value[name], each, f"{path}/{name}"):
                return wrong
        return None
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{path}: no list but {value!r}"
        for index, each in enumerate(value):
            if wrong := mismatch(each, shape[0], f"{path}/{index}"):
                return wrong
        return None
    if isinstance(shape, (type, tuple)):
        kinds = shape if isinstance(shape, tuple) else (shape,)
        # A truth value is no number here.
        fits = any(type(value) is kind or (kind is float and type(value) is int) for kind in kinds)
        return None if fits else f"{path}: no {shape} but {value!r}"
    return None if shape(value) else f"{path}: {value!r} is not what Python answers"


NONE = type(None)

DELIVERY = {"exchange": str, "routing_key": str, "priority": (int, NONE), "redelivered": (bool, NONE)}

TASK = {
    "id": str, "name": str, "args": list, "kwargs": dict, "type": str, "hostname": str, "time_start": (float, NONE),
    "acknowledged": bool, "delivery_info": DELIVERY, "worker_pid": (int, NONE),
}

SAFE_TASK = {**TASK, "args": str, "kwargs": str}

SCHEDULED = {"eta": str, "priority": int, "request": TASK}

POOL = {
    "implementation": str, "max-concurrency": int, "processes?": [int], "threads?": int,
    "max-tasks-per-child": (int, str), "put-guarded-by-semaphore": bool, "timeouts": [(int, float)],
    "writes?": {
        "total": int, "avg": str, "all": str, "raw": str, "strategy?": (str, NONE),
        "inqueues": {"total": int, "active": int}},
}

BROKER = {
    "hostname": str, "userid": (str, NONE), "virtual_host": str, "port": int, "insist": bool, "ssl": bool,
    "transport": str, "connect_timeout": (int, float), "transport_options": dict, "login_method": (str, NONE),
    "uri_prefix": (str, NONE), "heartbeat": (int, float, NONE), "failover_strategy": str, "alternates?": list,
    "credential_provider?": NONE,
}

RUSAGE = {name: (int, float) for name in (
    "utime stime maxrss ixrss idrss isrss minflt majflt nswap inblock oublock msgsnd msgrcv nsignals nvcsw nivcsw"
).split()}

STATS = {
    "total": dict, "pid": int, "clock": str, "uptime": int, "pool": POOL, "broker": BROKER, "prefetch_count": int,
    "rusage": RUSAGE,
}


def active_queue(name):
    """The whole object: Celery's own tests compare it."""
    return {
        "name": name,
        "exchange": {
            "name": name, "type": "direct", "arguments": None, "durable": True, "passive": False,
            "auto_delete": False, "delivery_mode": None, "no_declare": False},
        "routing_key": name, "queue_arguments": None, "binding_arguments": None, "consumer_arguments": None,
        "durable": True, "exclusive": False, "auto_delete": False, "no_ack": False, "alias": None, "bindings": [],
        "no_declare": None, "expires": None, "message_ttl": None, "max_length": None, "max_length_bytes": None,
        "max_priority": None,
    }


COMMON_EVENT = {
    "hostname": str, "utcoffset": (int, float), "pid": int, "clock": (int, NONE), "timestamp": float, "type": str,
    "local_received": float}


def event(**fields):
    return {**COMMON_EVENT, **fields}


WORKER_EVENT = event(
    freq=(int, float), active=int, processed=int, loadavg=[(int, float)], sw_ident=str, sw_ver=str, sw_sys=str)

EVENTS = {
    "task-received": event(
        uuid=str, name=str, args=str, kwargs=str, root_id=(str, NONE), parent_id=(str, NONE), retries=int,
        eta=(str, NONE), expires=(str, NONE)),
    "task-started": event(uuid=str),
    "task-succeeded": event(uuid=str, result=str, runtime=float),
    "task-failed": event(uuid=str, exception=str, traceback=(str, NONE)),
    "task-retried": event(uuid=str, exception=str, traceback=(str, NONE)),
    "task-revoked": event(uuid=str, terminated=bool, signum=(int, str, NONE), expired=bool),
    "task-rejected": event(uuid=str, requeue=bool),
    "worker-online": WORKER_EVENT,
    "worker-heartbeat": WORKER_EVENT,
    "worker-offline": WORKER_EVENT,
}
