#!/usr/bin/env python3
"""Counts the instructions that a function takes, each time it is called, on this processor.

Runs PROGRAM with the given arguments one instruction at a time while it is in FUNCTION, and writes
each line that it prints with the count of one call at its end. valgrind has no SHA instructions,
and a virtual machine often no counters. x86-64 Linux only.
"""
import ctypes
import os
import subprocess
import sys

PEEK, POKE, CONT, STEP, GETREGS, SETREGS = 1, 4, 7, 9, 12, 13
ADDR_NO_RANDOMIZE = 0x0040000
REGISTERS = (
    "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss "
    "fs_base gs_base ds es fs gs"
)


class Registers(ctypes.Structure):
    _fields_ = [(name, ctypes.c_ulonglong) for name in REGISTERS.split()]


libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


class Tracee:
    def __init__(self, program, arguments):
        read_end, write_end = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.dup2(write_end, 1)
            libc.personality(ADDR_NO_RANDOMIZE)
            libc.ptrace(0, 0, None, None)
            os.execv(program, [program, *arguments])
        os.close(write_end)
        os.waitpid(self.pid, 0)
        self.output = os.fdopen(read_end)

    def base(self):
        with open(f"/proc/{self.pid}/maps") as maps:
            return int(maps.readline().split("-")[0], 16)

    def resume(self, how):
        libc.ptrace(how, self.pid, None, None)
        return os.waitpid(self.pid, 0)[1]

    def registers(self):
        registers = Registers()
        libc.ptrace(GETREGS, self.pid, None, ctypes.addressof(registers))
        return registers

    def set_registers(self, registers):
        libc.ptrace(SETREGS, self.pid, None, ctypes.addressof(registers))

    def peek(self, address):
        return libc.ptrace(PEEK, self.pid, address, None) & (1 << 64) - 1

    def poke(self, address, word):
        libc.ptrace(POKE, self.pid, address, word)

    def count_until(self, address):
        count, last = 0, None
        while (rip := self.registers().rip) != address:
            # A repeated string instruction is one, however often it stops.
            count += rip != last
            last = rip
            self.resume(STEP)
        return count


def main():
    program, function, *arguments = sys.argv[1:]
    symbols = subprocess.check_output(["nm", program], text=True).splitlines()
    [offset] = [int(symbol.split()[0], 16) for symbol in symbols if function in symbol]
    tracee = Tracee(program, arguments)
    entry = tracee.base() + offset
    original = tracee.peek(entry)
    breakpoint_ = original & ~0xFF | 0xCC
    counts = []
    tracee.poke(entry, breakpoint_)
    while not os.WIFEXITED(tracee.resume(CONT)):
        registers = tracee.registers()
        if registers.rip != entry + 1:
            sys.exit(f"stopped at {registers.rip:#x}")
        registers.rip = entry
        tracee.set_registers(registers)
        tracee.poke(entry, original)
        counts.append(tracee.count_until(tracee.peek(registers.rsp)))
        tracee.poke(entry, breakpoint_)
    for line, count in zip(tracee.output.read().splitlines(), counts, strict=True):
        print(f"{line}\t{count}")


if __name__ == "__main__":
    main()
