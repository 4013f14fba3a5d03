//go:build !windows

package main

import "syscall"

const diskFull = syscall.ENOSPC
