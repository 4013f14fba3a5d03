//go:build !windows

package main

import "os"

// obeys reports whether a terminal understands control sequences.
func obeys(*os.File) bool { return true }
