"""Fences around the process that decodes strangers' files: limits, no network, no new programs.

Plain Python on the kernel's own interfaces; knows nothing of files, decoders or the application.
A fence that this machine can't raise is left out of the answer, so that operators can see it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from collections.abc import Sequence
from typing import Any

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_SECCOMP_ALLOW = 0x7FFF0000
_SECCOMP_ERRNO = 0x00050000
_SECCOMP_KILL_PROCESS = 0x80000000
_X32_SYSCALLS_BEGIN = 0x40000000

# Opcodes of classic BPF (linux/bpf_common.h): load a word, jump if equal, if ≥, if bits are set.
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_ARGUMENTS = 0, 4, 16
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

# Denied calls by machine (asm/unistd.h): sockets, new programs, other processes, changing the file
# tree, kernel attack surface. Opening for reading stays: fonts and decoders are loaded late.
# The last member of a machine: the calls that open a file, with the place of their flags.
_X86_64 = (
    *(41, 42, 49, 53),  # socket connect bind socketpair
    *(57, 58, 59, 322),  # fork vfork execve execveat
    *(62, 101, 310, 311),  # kill ptrace process_vm_readv process_vm_writev
    *(76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94),  # truncate … lchown
    *(133, 258, 259, 260, 263, 264, 265, 266, 268, 316),  # mknod, and the …at calls
    *(155, 161, 165, 166, 272, 308),  # pivot_root chroot mount umount2 unshare setns
    *(248, 249, 250, 298, 321, 323, 425, 426, 427),  # keys perf bpf userfaultfd io_uring
    437,  # openat2
)
_AARCH64 = (
    *(198, 199, 200, 203),  # socket socketpair bind connect
    *(221, 281),  # execve execveat
    *(117, 129, 270, 271),  # ptrace kill process_vm_readv process_vm_writev
    *(33, 34, 35, 36, 37, 38, 45, 46, 52, 53, 54, 55, 276),  # mknodat … renameat2
    *(39, 40, 41, 51, 97, 268),  # umount2 mount pivot_root chroot unshare setns
    *(217, 218, 219, 241, 280, 282, 425, 426, 427),  # keys perf bpf userfaultfd io_uring
    437,  # openat2
)
_MACHINES = {
    "x86_64": (0xC000003E, _X86_64, ((2, 1), (257, 2))),
    "aarch64": (0xC00000B7, _AARCH64, ((56, 2),)),
}

_DENIED_EVENTS = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.system",
    "os.remove",
    "os.rename",
    "os.kill",
    "ftplib.",
    "urllib.",
    "http.",
)


def raise_fences(*, cpu_seconds: int, address_space: int) -> tuple[str, ...]:
    """Confine the calling process for the rest of its life; names the fences that stand.

    `address_space` in bytes. Call it before reading a stranger's first byte, from the only thread.
    """
    fences = ["limits"]
    _limit(cpu_seconds, address_space)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if _leave_network(libc):
            fences.append("network-namespace")
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and _filter_calls(libc):
            fences.append("seccomp")
    sys.addaudithook(_refuse_event)
    fences.append("audit-hook")
    return tuple(fences)


def _limit(cpu_seconds: int, address_space: int) -> None:
    # One second between the soft and the hard limit: SIGXCPU tells the parent why we ended.
    _lower(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 1)
    _lower(resource.RLIMIT_AS, address_space, address_space)
    _lower(resource.RLIMIT_CORE, 0, 0)
    _lower(resource.RLIMIT_FSIZE, 0, 0)
    _lower(resource.RLIMIT_NOFILE, 64, 64)


def _lower(which: int, soft: int, hard: int) -> None:
    """Set a limit without asking for more than the parent was given."""
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))


def _leave_network(libc: Any) -> bool:
    """Move to an empty network namespace, as root or through a user namespace, where permitted."""
    if not hasattr(libc, "unshare"):
        return False
    return any(
        libc.unshare(flags) == 0 for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _filter_calls(libc: Any) -> bool:
    """Install the seccomp filter; False on a machine whose call numbers aren't listed above."""
    known = _MACHINES.get(platform.machine())
    if known is None:
        return False
    code = _bpf(*known)
    program = _Program(len(code) // 8, code)
    answer: int = libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)
    return answer == 0


def _bpf(architecture: int, denied: Sequence[int], openers: Sequence[tuple[int, int]]) -> bytes:
    """A filter that answers EPERM to the denied calls and kills under a foreign architecture.

    `openers` pairs a call with the place of its flags: opening for writing is denied.
    """
    deny = _SECCOMP_ERRNO | errno.EPERM
    steps = [
        (_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _SECCOMP_KILL_PROCESS),
        (_LOAD, 0, 0, _OFFSET_NUMBER),
        (_JUMP_AT_LEAST, 0, 1, _X32_SYSCALLS_BEGIN),
        (_RETURN, 0, 0, deny),
    ]
    for number in denied:
        steps += [(_JUMP_EQUAL, 0, 1, number), (_RETURN, 0, 0, deny)]
    for number, place in openers:
        steps += [
            (_JUMP_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, _OFFSET_ARGUMENTS + 8 * place),  # the low half: little-endian machines
            (_JUMP_BITS, 0, 1, _WRITING),
            (_RETURN, 0, 0, deny),
            (_RETURN, 0, 0, _SECCOMP_ALLOW),
        ]
    steps.append((_RETURN, 0, 0, _SECCOMP_ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _refuse_event(event: str, _details: tuple[object, ...]) -> None:
    if event.startswith(_DENIED_EVENTS):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), event)
